"""Floor 3: the command line's own commands."""
