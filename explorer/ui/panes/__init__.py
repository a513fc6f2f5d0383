"""One file per visible pane; panes talk to the session and to nobody else."""
