"""What goes wrong with gradients, found in a recording without being asked."""
