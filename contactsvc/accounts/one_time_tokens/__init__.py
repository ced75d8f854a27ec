"""Tokens of mailed links: random, kept as a digest, good for one use."""
