"""The table of tensors and the numbers that it tells."""
