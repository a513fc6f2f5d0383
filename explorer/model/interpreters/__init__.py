"""The Pythons of this machine: found, looked at, and what one lacks."""
