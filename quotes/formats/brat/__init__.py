"""brat: records are written to folders of .txt and .ann files, and read back."""
