"""What requests pass on their way in; the application says in which order."""
