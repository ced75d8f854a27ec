"""Photos of contacts."""
