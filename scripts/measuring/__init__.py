"""What `scripts/accuracy.py` measures itself."""
