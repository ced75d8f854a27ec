"""Text: characters, folding, order and telephone numbers."""
