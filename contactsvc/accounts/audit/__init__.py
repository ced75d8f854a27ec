"""The audit log of what happened to accounts."""
