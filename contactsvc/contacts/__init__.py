"""The address book: contacts, their search and order, and birthdays."""
