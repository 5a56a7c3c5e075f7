"""Bytes become documents: decoded once, line ends made one, after which a text never changes."""
