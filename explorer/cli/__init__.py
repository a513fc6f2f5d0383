"""Floor 3: the command line's own commands."""

COMMANDS = ("steps", "shot")
"""First words that ask for something other than the window."""
