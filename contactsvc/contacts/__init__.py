"""The address book: what people keep about people."""
