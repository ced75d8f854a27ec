"""The signed-in user, cached in Redis, never stale in a way that matters."""
