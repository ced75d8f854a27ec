"""The signed-in user, cached in Redis and invalidated before every change is committed."""
