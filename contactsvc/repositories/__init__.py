"""The only code that queries. What PostgreSQL or the ORM raise leaves here as domain errors."""
