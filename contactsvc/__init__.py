"""contactsvc: a self-hosted contacts service."""

from importlib.metadata import version

__version__ = version("contactsvc")
