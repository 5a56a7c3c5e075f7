"""A page that one can mail."""
