"""Records → a SQLite database that can be searched, and that Datasette can serve."""
