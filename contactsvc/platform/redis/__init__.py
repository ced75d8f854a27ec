"""Redis: connections, throttling, and what to do when it is away."""
