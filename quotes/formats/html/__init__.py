"""HTML: web pages are read, and a page to mail is written."""
