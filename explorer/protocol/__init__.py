"""Floor 0: what the window and the worker say to each other. Standard library only."""
