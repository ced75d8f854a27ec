"""Password hashing, password policy and tokens."""
