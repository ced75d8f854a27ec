"""Passwords, tokens and cursors: everything that is made with a secret."""
