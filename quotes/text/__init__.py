"""Stage 1, text → Segments: what stands between quotation marks. No parser and no model."""
