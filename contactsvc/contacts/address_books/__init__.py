"""A book: whose contacts they are, and how many."""
