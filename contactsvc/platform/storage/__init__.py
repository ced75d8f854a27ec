"""Where files are kept, and how pictures are decoded."""
