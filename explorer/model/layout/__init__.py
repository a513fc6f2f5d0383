"""How a tensor lies in its storage, and who else looks into it."""
