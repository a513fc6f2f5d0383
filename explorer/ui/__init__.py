"""Floor 2: the window. Never torch."""
