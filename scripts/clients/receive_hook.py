"""Receive the webhooks of a server: check the signature, note each message once. Standard library only.

    ZONING_HOOK_SECRET=whsec_... python receive_hook.py --port 9000

A message may come twice (the answer was lost): its id tells. One that is older than five minutes is refused, so that
nobody can send a recorded one again.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

TOLERANCE_S = 300
SEEN: set[str] = set()


def is_genuine(secret: str, headers: Any, body: bytes, now: float) -> bool:
    """Tell whether a message was signed with the secret, and not long ago."""
    message, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(now - int(stamp)) > TOLERANCE_S:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = base64.b64encode(hmac.new(key, f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    told = [one.partition(",")[2] for one in headers.get("webhook-signature", "").split()]
    return any(hmac.compare_digest(made, one) for one in told)


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to a genuine message, 401 to others."""

    def do_POST(self) -> None:
        """Take one message."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        genuine = is_genuine(os.environ["ZONING_HOOK_SECRET"], self.headers, body, time.time())
        if genuine and self.headers["webhook-id"] not in SEEN:
            SEEN.add(self.headers["webhook-id"])
            told = json.loads(body)
            print(told["type"], json.dumps(told["data"], ensure_ascii=False), flush=True)
        self.send_response(204 if genuine else 401)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def main() -> int:
    """Run until interrupted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=9000)
    server = HTTPServer(("127.0.0.1", parser.parse_args().port), Receiver)
    print("port", server.server_port, flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
