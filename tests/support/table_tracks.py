"""Points of a table as the reader of tables has them, made from what stands in the cells."""

from collections.abc import Sequence

from zoning.sites.tables.grid import Numbers, Track
from zoning.sites.tables.measures import measure
from zoning.sites.tables.signs import plain
from zoning.sites.where import Where

HERE = Where("拐点.csv")
Pair = tuple[str, str]


def numbers_of(
    pairs: Sequence[Pair],
    *,
    names: Pair = ("X", "Y"),
    axes: Pair = ("", ""),
    packed: bool = False,
    decimal_stated: bool = False,
) -> Numbers:
    """Return two columns; `packed` and `decimal_stated` as the headings say."""
    found = Numbers(names, axes, decimal_stated)
    for pair in pairs:
        one, other = (measure(plain(text), packed=packed) for text in pair)
        assert one is not None
        assert other is not None
        found.add(one, other)
    return found


def track_of(*columns: Numbers, says: Sequence[str] = (), first_line: int = 5) -> Track:
    """Return a track whose points begin on line 5; what is written above them stands on lines 1, 2 ..."""
    count = len(columns[0].first)
    track = Track(HERE, numbers=list(columns), labels=[f"J{n}" for n in range(1, count + 1)])
    track.rows.extend(range(first_line, first_line + count))
    for line, text in enumerate(says, 1):
        track.statements.add(line, text)
    return track
