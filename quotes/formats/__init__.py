"""Formats: one module or folder each for what reads and what writes it, and one table of all (`table.py`)."""
