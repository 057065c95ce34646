"""Tables printed in two or three panels, pasted row by row: their points stand in the order 1, 3, 2, 4."""

from array import array
from itertools import pairwise

from zoning.sites.tables.grid import Track
from zoning.sites.tables.labels import number_of

_MOST_PANELS = 4
_FEWEST = 4


def in_order(track: Track) -> Track:
    """Return the track with the points of every block in the order of their numbers, where panels mixed them."""
    ends = [0, *sorted({one.index for one in track.breaks if 0 < one.index < len(track)}), len(track)]
    order: list[int] = []
    mixed: list[int] = []
    for start, end in pairwise(ends):
        block = list(range(start, end))
        sorted_block = _sorted(track, block)
        if sorted_block != block:
            mixed.append(start)
        order += sorted_block
    if not mixed:
        return track
    for numbers in track.numbers:
        numbers.first = array("d", (numbers.first[i] for i in order))
        numbers.second = array("d", (numbers.second[i] for i in order))
        if numbers.packed is not None:
            first, second = numbers.packed
            numbers.packed = array("d", (first[i] for i in order)), array("d", (second[i] for i in order))
    track.rows = array("L", (track.rows[i] for i in order))
    track.labels = [track.labels[i] for i in order]
    track.words = [track.words[i] for i in order] if track.words else []
    track.warnings.append(
        track.place(mixed[0]).sentence(
            "表格左右并列，各点按点号的次序连接；请核对",
            "the table has panels side by side; its points were put into the order of their numbers, check it",
        )
    )
    return track


def _sorted(track: Track, block: list[int]) -> list[int]:
    """Return a block in the order of its numbers, when it is made of two to four runs of them side by side."""
    numbers = [number_of(track.labels[i]) for i in block]
    known = [number for number in numbers if number is not None]
    closes = known[-1:] == known[:1]
    if len(known) < max(_FEWEST, len(block)) or len(set(known)) < len(known) - closes:
        return block
    if all(b == a + 1 for a, b in pairwise(known[: len(known) - closes])):
        return block
    for panels in range(2, _MOST_PANELS + 1):
        positions = [i for start in range(panels) for i in range(start, len(block), panels)]
        inner = positions[: len(positions) - closes]
        # The closing row stands last in the last panel.
        if all(known[b] == known[a] + 1 for a, b in pairwise(inner)) and (
            not closes or positions[-1] == len(block) - 1
        ):
            return [block[i] for i in positions]
    return block
