"""Records become lines, rows and tables."""
