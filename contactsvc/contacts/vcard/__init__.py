"""vCards: read in versions 2.1, 3.0 and 4.0, and written in 3.0 and 4.0."""
