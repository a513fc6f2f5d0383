"""Figures of the graph: layout, folding, painting; each module here is a command."""
