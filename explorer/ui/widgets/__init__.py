"""Widgets that know neither session nor panes."""
