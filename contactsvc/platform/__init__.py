"""What the service stands on; it knows nothing of accounts or contacts."""
