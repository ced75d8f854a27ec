"""Birthdays as a calendar that programs subscribe to by a secret URL."""
