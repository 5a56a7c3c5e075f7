"""Parquet: articles in, records out and back in."""
