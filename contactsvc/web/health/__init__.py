"""Health and liveness checks."""
