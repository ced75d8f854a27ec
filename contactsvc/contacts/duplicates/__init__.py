"""Contacts that may be the same person, and those whom their owner tells apart."""
