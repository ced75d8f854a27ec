"""Mails that say whose birthday is near."""
