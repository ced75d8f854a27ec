"""A new password for whoever can read the mail of an account."""
