"""What may come in and what goes out, in marshmallow; the documentation is made from it."""
