"""Stage 1, text → Segments: the quoted stretches of a text, found without a parser or a model."""
