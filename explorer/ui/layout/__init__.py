"""The tables and readers of the layout panes."""
