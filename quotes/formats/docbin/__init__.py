"""spaCy DocBin, out and back in."""
