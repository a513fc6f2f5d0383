"""A minimal Debian and a virtual display, for the proof of a package."""
