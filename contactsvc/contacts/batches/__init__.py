"""Many changes in one request: each as its own call would do it, and all in one transaction."""
