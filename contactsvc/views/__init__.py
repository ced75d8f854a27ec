"""Parse, call, answer: no query and no rule lives here."""
