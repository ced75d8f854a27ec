"""Merges contacts into one of them, by the hand of their owner."""
