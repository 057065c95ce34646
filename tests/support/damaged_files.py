"""Damage to the bytes of a file, and what may come of reading it."""

from pathlib import Path

from hypothesis import strategies as st

import boundary_writers as bw
from zoning.errors import ZoningError
from zoning.sites import read_sites

places = st.floats(0, 1, exclude_max=True)
damage = st.lists(st.tuples(places, st.binary(min_size=1, max_size=4)), max_size=6)


def survives(path: Path) -> None:
    """Read a file; a ZoningError must carry both sentences."""
    try:
        answers = [site.crs for site in read_sites(path, expected=bw.EXPECTED)]
    except ZoningError as error:
        answers = [error.text.zh, error.text.en]
    assert answers
    assert all(answer.strip() and "\n" not in answer for answer in answers)


def changed(data: bytes, cuts: list[tuple[float, bytes]], end: float) -> bytes:
    """Overwrite bytes at some places and leave off the end."""
    result = bytearray(data[: max(1, int(len(data) * end))])
    for share, new in cuts:
        position = int(share * len(result))
        result[position : position + len(new)] = new
    return bytes(result)
