"""The user's text: its file, its autosaved copy, the marks beside it."""
