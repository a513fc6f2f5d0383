"""What a recording, its tensors and the graphs hold in memory, and for how long."""
