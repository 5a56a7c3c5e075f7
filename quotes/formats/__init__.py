"""What can be read and written, a room for each format; the tables list them."""
