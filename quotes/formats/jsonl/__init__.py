"""JSON Lines: articles are read, records are written and read back."""
