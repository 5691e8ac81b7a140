"""The demo's own webhook receiver: a stand-in for a partner's system, which checks every signature.

Run as `python -m rtv_cli.local.receiver PORT FILE`; the secret comes from RTV_OUTBOUND__WEBHOOK_SECRET.
Each message that verifies is appended to FILE, one JSON object a line; the others get 401.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from rtv_core.settings import read_settings

MAX_BODY_BYTES = 1024 * 1024


def make_handler(secret: str, journal: Path) -> type[BaseHTTPRequestHandler]:
    """A request handler that verifies with `secret` and writes to `journal`."""
    webhook = Webhook(secret)

    class Receiver(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Say that the receiver is up."""
            self._answer(200)

        def do_POST(self) -> None:
            """Take one message when its signature holds."""
            length = int(self.headers.get("content-length") or 0)
            if length > MAX_BODY_BYTES:
                self._answer(413)
                return
            body = self.rfile.read(length)
            try:
                message = webhook.verify(body, {name.lower(): value for name, value in self.headers.items()})
            except WebhookVerificationError:
                self._answer(401)
                return
            entry = {
                "at": datetime.now(UTC).isoformat(),
                "id": self.headers.get("webhook-id"),
                "message": message,
            }
            with journal.open("a", encoding="utf-8") as sink:
                sink.write(json.dumps(entry, default=str) + "\n")
            self._answer(204)

        def log_message(self, format: str, *args: object) -> None:
            """Log to standard error as the supervisor's other processes do."""
            sys.stderr.write(format % args + "\n")

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

    return Receiver


def main() -> None:
    """Serve on 127.0.0.1 until ended."""
    port, journal = int(sys.argv[1]), Path(sys.argv[2])
    secret = read_settings().outbound.webhook_secret
    if secret is None:
        sys.exit("RTV_OUTBOUND__WEBHOOK_SECRET is not set")
    ThreadingHTTPServer(("127.0.0.1", port), make_handler(secret.get_secret_value(), journal)).serve_forever()


if __name__ == "__main__":
    main()
