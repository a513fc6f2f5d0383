"""Rewrites the program's files so that every statement reports to the recorder."""
