"""Address books as CSV: of this service, and of the programs that people come from."""
