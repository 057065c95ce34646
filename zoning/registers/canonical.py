"""One spelling for everything that is stored as text or hashed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any


def canonical(value: object) -> str:
    """Return a value as JSON in its one spelling: keys sorted, no spaces, no escapes for Chinese.

    >>> canonical({"b": [1, None], "a": "图斑"})
    '{"a":"图斑","b":[1,null]}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def sha256(data: bytes) -> str:
    """Return the digest of bytes as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest(value: object) -> str:
    """Return the digest of a value's canonical JSON."""
    return sha256(canonical(value).encode("utf-8"))


def moment(at: datetime) -> str:
    """Return a moment in UTC, always with microseconds.

    >>> from datetime import timedelta, timezone
    >>> moment(datetime(2026, 11, 22, 8, tzinfo=timezone(timedelta(hours=8))))
    '2026-11-22T00:00:00.000000+00:00'
    """
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a table with its dates as texts, as it is written into the log."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
