"""Stage 5, Claims and Entities → the record of one document."""
