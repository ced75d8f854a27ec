"""All that is kept about a user, for them to take along (GDPR, articles 15 and 20)."""
