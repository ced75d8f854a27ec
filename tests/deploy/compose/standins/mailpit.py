#!/usr/local/bin/python
"""Mailpit, as far as the tests ask for it: SMTP at 1025, the text of the latest mail at 8025."""

import email
import email.policy
import http.server
import signal
import sys
import urllib.request
from typing import Any

from aiosmtpd.controller import Controller


class Catch:
    """Keeps the text of the latest mail."""

    text: str | None = None

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        plain = mail.get_body(("plain",))
        self.text = plain.get_content() if plain else ""
        return "250 OK"


class Show(http.server.BaseHTTPRequestHandler):
    """Answers at the paths that are asked for."""

    def do_GET(self) -> None:
        text = {"/readyz": "ok", "/view/latest.txt": catch.text}.get(self.path)
        body = (text or "").encode()
        self.send_response(404 if text is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if sys.argv[1:] == ["readyz"]:
    urllib.request.urlopen("http://127.0.0.1:8025/readyz", timeout=2).close()
    sys.exit()
# The first process of a container hears no signal that it does not ask for.
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
catch = Catch()
Controller(catch, hostname="0.0.0.0", port=1025).start()
http.server.ThreadingHTTPServer(("0.0.0.0", 8025), Show).serve_forever()
