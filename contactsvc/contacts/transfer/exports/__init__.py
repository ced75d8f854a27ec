"""Contacts on their way out."""
