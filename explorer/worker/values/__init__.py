"""Numbers of tensors of every kind: boxes, summaries, statistics, searches, files."""
