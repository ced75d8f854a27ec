"""Measures the service; see ``make help``."""
