"""Whose birthday is next."""
