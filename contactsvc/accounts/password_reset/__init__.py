"""Reset of a forgotten password by a mailed link."""
