"""brat: folders of .txt and .ann, out and back in."""
