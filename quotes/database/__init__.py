"""Build a SQLite database from records, to search with `quotes db search` or to serve with Datasette."""
