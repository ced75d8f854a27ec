"""Periodic jobs that one process of the whole fleet runs."""
