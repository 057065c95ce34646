"""In which line of a text file a vertex stands: found by its numbers, whatever the columns are called."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from zoning.quality.faults import Fault, Place

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_TEXT_FORMATS = ("TXT", "CSV")
_METRE_DIGITS, _DEGREE_DIGITS = 4, 9  # those of a Place
_MOST_BYTES = 20_000_000
_MOST_NUMBERS = 12

Lines = dict[tuple[float, float], list[int]]


def lines_of(path: Path, encoding: str, form: str) -> Lines:
    """Return the lines in which two neighbouring numbers stand, by the numbers, the larger first.

    Empty for formats that are no lists of vertices, for very large files and for those that cannot be read as text.
    """
    if form not in _TEXT_FORMATS:
        return {}
    found: Lines = defaultdict(list)
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        text = path.read_text(encoding=encoding or "utf-8")
    except (OSError, ValueError, LookupError):
        return {}
    for number, line in enumerate(text.splitlines(), start=1):
        numbers = [float(word) for word in _NUMBER.findall(line)[:_MOST_NUMBERS]]
        for one, other in pairwise(numbers):
            key = _key(one, other)
            if not found[key] or found[key][-1] != number:
                found[key].append(number)
    return found


def _key(one: float, other: float) -> tuple[float, float]:
    digits = _DEGREE_DIGITS if max(abs(one), abs(other)) <= 180 else _METRE_DIGITS  # noqa: PLR2004 - degrees
    return round(max(one, other), digits), round(min(one, other), digits)


def with_lines(faults: Iterable[Fault], lines: Lines) -> tuple[Fault, ...]:
    """Return faults whose vertices know their lines, where the numbers leave no doubt."""
    return tuple(replace(fault, places=_placed(fault.places, lines)) for fault in faults) if lines else tuple(faults)


def _placed(places: tuple[Place, ...], lines: Lines) -> tuple[Place, ...]:
    together: defaultdict[tuple[float, float], list[Place]] = defaultdict(list)
    for place in places:
        if place.vertex is not None:
            together[_key(place.x, place.y)].append(place)
    known: dict[Place, int] = {}
    for key, vertices in together.items():
        there = lines.get(key, [])
        # The first vertex stands once more at the end of its ring; a point of the neighbour's parcel stands elsewhere.
        closing = any(vertex.vertex == 1 for vertex in vertices)
        if len(there) - len(vertices) in ((0, 1) if closing else (0,)):
            known.update(zip(sorted(vertices, key=_order), there, strict=False))
    return tuple(replace(place, line=known.get(place)) for place in places)


def _order(place: Place) -> tuple[int, int]:
    return place.ring or 0, place.vertex or 0
