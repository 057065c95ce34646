"""Marks of browsers that have signed in before: see `zoning.web.accounts.rates`."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

_BYTES = 32


def secret_of(folder: Path, name: str) -> bytes:
    """Return a secret of this server, made at the first use; only its own user can read the file."""
    path = folder / name
    if not path.exists():
        temporary = folder / f".{name}.{secrets.token_hex(8)}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(secrets.token_bytes(_BYTES))
        try:
            os.link(temporary, path)  # whoever was first has made it
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_bytes()


def device_mark(secret: bytes, account: str) -> str:
    """Return a new mark for a browser that has signed in to an account."""
    number = secrets.token_urlsafe(16)
    return f"{number}.{_sign(secret, account, number)}"


def known_device(secret: bytes, account: str, mark: str) -> str:
    """Return the number of a browser whose mark is good for this account; "" otherwise."""
    number, _, sign = mark.partition(".")
    is_good = bool(number) and hmac.compare_digest(sign.encode(), _sign(secret, account, number).encode())
    return number if is_good else ""


def _sign(secret: bytes, account: str, number: str) -> str:
    return hmac.new(secret, f"device\n{account}\n{number}".encode(), hashlib.sha256).hexdigest()
