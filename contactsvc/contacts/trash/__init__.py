"""Deleted contacts: to be restored for a while, and told to clients that synchronise."""
