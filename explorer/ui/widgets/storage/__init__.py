"""A storage as a row of places."""
