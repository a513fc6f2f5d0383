"""What stands between the session and the graph pane."""
