"""Keeps a recording within its memory: a budget, and files on disk beyond it."""
