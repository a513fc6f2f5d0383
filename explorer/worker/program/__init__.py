"""What the program meets: its imports, streams, hooks, compiler and end."""
