"""The picture of a graph: painted in batches, moved, pointed at, walked by keys."""
