"""Contacts in and out: files of other programs, imported and exported."""
