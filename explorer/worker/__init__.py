"""Floor 1: runs and records the user's program, in the user's own Python. Never Qt."""
