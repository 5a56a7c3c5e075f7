"""Posts: short texts whose account said all of it, but for what they quote."""
