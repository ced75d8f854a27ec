"""Contacts for programs that synchronise by CardDAV (RFC 6352)."""
