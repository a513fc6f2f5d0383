"""What goes wrong in a run, searched for and shown."""
