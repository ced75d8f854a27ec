"""Accounts: registration, sign-in, sessions, and what users and administrators change."""
