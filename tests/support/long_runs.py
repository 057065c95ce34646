"""How many cases a test tries: a few on every run, many with ZONING_LONG=1 (`make test-long`)."""

import os

LONG_VARIABLE = "ZONING_LONG"


def times(short: int, long: int) -> int:
    """Return how many cases to try: `short`, or `long` where ZONING_LONG=1."""
    return long if os.environ.get(LONG_VARIABLE) == "1" else short
