"""The graph, its saved tensors and its backward passes, and questions about them."""
