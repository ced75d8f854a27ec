"""Flows that touch two or more of: repositories, cache, passwords and tokens."""
