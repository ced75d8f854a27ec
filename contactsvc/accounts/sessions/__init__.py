"""Sign-in, renewal and sign-out."""
