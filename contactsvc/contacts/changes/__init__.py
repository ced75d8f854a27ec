"""Changes of an address book, for those who keep a copy of it."""
