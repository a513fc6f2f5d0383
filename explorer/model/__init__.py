"""Floor 1: what is known of a recording, without Qt and without torch."""
