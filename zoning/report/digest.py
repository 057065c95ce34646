"""The hash that ties a report to its verdict, as text and as a picture that a phone can read."""

import hashlib
from io import BytesIO

_GROUPS = 4
_SIGNS = 4
MARK = "ZONING VERDICT SHA256 "
"""Begins the text of the QR code; capitals and digits only, so that the code stays small."""


def verdict_digest(verdict_json: str) -> str:
    """Return the SHA-256 of a verdict's JSON: `verdict_sha256` in the table of a batch is the same."""
    return hashlib.sha256(verdict_json.encode()).hexdigest()


def short_hash(digest: str) -> str:
    """Return the first 64 bits of a hash in groups, to be compared by eye.

    >>> short_hash("0123456789abcdef" + 48 * "0")
    '0123-4567-89ab-cdef'
    """
    return "-".join(digest[_SIGNS * n : _SIGNS * (n + 1)] for n in range(_GROUPS))


def qr_png(digest: str, *, scale: int = 8) -> bytes:
    """Return the QR code of a hash."""
    return _qr(digest, "png", scale=scale)


def qr_svg(digest: str) -> str:
    """Return the QR code of a hash as inline SVG, without size: the page sets it."""
    return _qr(digest, "svg", xmldecl=False, svgns=True, omitsize=True, nl=False).decode()


def _qr(digest: str, kind: str, **options: object) -> bytes:
    import segno

    made = BytesIO()
    segno.make_qr(f"{MARK}{digest.upper()}", error="m").save(made, kind=kind, border=2, **options)
    return made.getvalue()
