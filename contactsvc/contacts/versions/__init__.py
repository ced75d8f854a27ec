"""Earlier versions of contacts."""
