"""What stands behind run.py: the standard library alone, from a bare Python to a working folder."""
