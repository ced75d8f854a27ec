"""Requests that are sent again with the same Idempotency-Key, and answered as the first was."""
