"""What is kept in Redis. Losing it makes the service slower, never wrong."""
