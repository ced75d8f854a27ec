"""The address book as vCards that have names, which CardDAV reads and writes."""
