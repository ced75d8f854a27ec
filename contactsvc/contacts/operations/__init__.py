"""Changes of many contacts that were made as one, and can be undone as one."""
