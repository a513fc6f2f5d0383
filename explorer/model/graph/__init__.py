"""The graph as it is drawn: read, folded, laid out, routed and written out."""
