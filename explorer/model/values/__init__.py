"""One tensor's numbers as they are looked at: slices, planes, colours, texts."""
