"""Secrets of the URLs by which calendar programs read birthdays: made and ended."""
