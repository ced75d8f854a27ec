"""App passwords, with which programs sign in for a user: made, checked and revoked."""
