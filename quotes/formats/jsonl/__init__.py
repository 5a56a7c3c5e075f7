"""JSON Lines: articles in, records out and back in."""
