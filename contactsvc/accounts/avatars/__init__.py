"""The pictures of people who have an account."""
