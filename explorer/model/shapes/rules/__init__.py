"""What each call that changes a shape does to a header, and when torch refuses it."""
