"""New accounts, and the proof that an e-mail is their own."""
