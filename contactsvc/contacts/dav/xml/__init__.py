"""The XML of WebDAV: read within limits, and written piece by piece."""
