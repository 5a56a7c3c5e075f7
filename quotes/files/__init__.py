"""Files: open, limit and decode what is read; write a whole file or nothing."""
