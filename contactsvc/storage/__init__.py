"""Avatars: pictures as they are stored, and where."""
