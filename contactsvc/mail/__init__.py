"""Mail: how it is worded, how it is sent, and the worker that empties the outbox."""
