"""Bodies, queries and answers of contacts."""
