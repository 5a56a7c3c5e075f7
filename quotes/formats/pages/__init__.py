"""Web pages: their main text, title, author and date."""
