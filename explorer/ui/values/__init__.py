"""The values pane's tabs, menus, readers and ways out."""
