"""Address books: their owners, and how many contacts they hold."""
