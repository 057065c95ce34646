"""The signature of a message, so that the other side knows who sent it: the form of Standard Webhooks 1.0.0.

Headers `webhook-id`, `webhook-timestamp` (seconds since 1970), `webhook-signature`: `v1,` and the base64 of the
HMAC-SHA256 of `id.timestamp.body` with the secret (the bytes behind `whsec_`, in base64). Source: the specification of
Standard Webhooks, sections "Signature scheme" and "Webhook headers".
"""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """Return a new secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode("ascii")


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """Return the value of the header `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    told = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode("ascii")
