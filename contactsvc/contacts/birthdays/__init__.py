"""Upcoming birthdays."""
