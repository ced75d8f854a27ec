"""Middleware that knows no domain, and connections; MIDDLEWARES in app.py has the order."""
