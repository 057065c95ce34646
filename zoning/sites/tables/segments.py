"""Where one ring ends and the next begins, and which rings make one parcel."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from zoning.sites.tables.axes import Floats
from zoning.sites.tables.grid import Break, Track
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.labels import in_series, number_of
from zoning.sites.tables.titles import goes_on, may_be_title, opens_parcel, opens_ring
from zoning.texts import Text

# A difference of one in the last decimal, with what floating point adds to it.
_SLACK = 1.001
CLOSING_M, CLOSING_DEGREES = 0.001 * _SLACK, 1e-8 * _SLACK
_FARTHEST = 1e15
_CORNERS = 3
_SHOWN = 6
_GAPS, _MOST_LOST = 8, 3
_VERTEX_LABEL = re.compile(
    r"[A-Za-z]{0,4}[-_#]?[0-9]{1,6}(?:[-_.][0-9]{1,4})?[#号]?|(?:拐点|界址点|角点|顶点|点|桩|[A-Za-z])[A-Za-z]?[-_#]?[0-9]{0,6}号?"
    r"|[一二三四五六七八九十]{1,3}|(?:东|西|南|北){1,2}角?|[A-Za-z]'?"
)


@dataclass(slots=True)
class Parcel:
    """One footprint: the points of its rings or lines, as positions in the track.

    Attributes
    ----------
    title
        A line of text that opens it.
    """

    id: str = ""
    name: str = ""
    title: str = ""
    rings: list[list[int]] = field(default_factory=list)

    @property
    def points(self) -> list[int]:
        """All points in their order."""
        return [point for ring in self.rings for point in ring]


@dataclass(slots=True)
class Segmented:
    """What came of a track."""

    parcels: list[Parcel]
    warnings: list[Text]


def segmented(track: Track, east: Floats, north: Floats, *, degrees: bool) -> Segmented:
    """Take a track apart into parcels and rings.

    Raises
    ------
    SiteError
        When an empty row or a line of text may or may not end a ring.
    """
    cutter = _Cutter(track, east, north, CLOSING_DEGREES if degrees else CLOSING_M)
    cutter.run()
    order = [*_out_of_order(track, cutter.parcels), *_missing(track, cutter.parcels)]
    return Segmented(cutter.parcels, [*cutter.warnings, *order])


def _out_of_order(track: Track, parcels: list[Parcel]) -> list[Text]:
    """Say where the numbers of the points of a ring go backwards: rows may have been mixed up."""
    for parcel in parcels:
        for ring in parcel.rings:
            numbers = _numbers(track, ring)
            known = [number for number in numbers if number is not None]
            falls = [i for i, (a, b) in enumerate(pairwise(known), 1) if b < a]
            # One fall: a ring that begins in the middle; all: it runs against its numbers.
            if len(known) == len(numbers) and 1 < len(falls) < len(numbers) - 1:
                shown = [track.labels[i] for i in ring[:_SHOWN]]
                return [
                    track.place(ring[0]).sentence(
                        f"点号不按次序（{'、'.join(shown)} …），仍按文件中的次序连接；请核对",
                        f"the numbers of the points are in no order ({', '.join(shown)} ...); they were joined in the "
                        "order of the file, check it",
                    )
                ]
    return []


def _numbers(track: Track, ring: list[int]) -> list[int | None]:
    """Return the numbers of the points of a ring, without that of the closing one."""
    numbers = [number_of(track.labels[i]) for i in ring]
    return numbers[:-1] if numbers[-1] == numbers[0] else numbers


def _missing(track: Track, parcels: list[Parcel]) -> list[Text]:
    """Say where a number is left out: the point may have been lost. Where many are, they belong to other points."""
    for parcel in parcels:
        for ring in parcel.rings:
            numbers = _numbers(track, ring)
            steps = [b - a if a is not None and b is not None else 0 for a, b in pairwise(numbers)]
            gaps = [i for i, step in enumerate(steps) if step > 1]
            if gaps and len(gaps) <= max(1, len(steps) // _GAPS) and all(0 < step <= _MOST_LOST + 1 for step in steps):
                before, after = (track.labels[ring[i]] for i in (gaps[0], gaps[0] + 1))
                return [
                    track.place(ring[gaps[0] + 1]).sentence(
                        f"点号不连续（{before} 之后是 {after}），可能缺点；请核对",
                        f"the numbers of the points have a gap ({before}, then {after}); a point may be missing, "
                        "check it",
                    )
                ]
    return []


def keys_of(track: Track) -> list[tuple[str, str]]:
    """Return id and name of the parcel of every point; a merged cell stands in its first row."""
    ids = _filled_down(track.fields.get(Role.PARCEL))
    names = _filled_down(track.fields.get(Role.NAME))
    label = track.fields.get(Role.LABEL)
    if label is not None and any(label):
        if _numbers_points(label):
            if not any(track.labels):
                track.labels[:] = label
        elif names is None:
            names = _filled_down(label)
        elif ids is None:
            ids = _filled_down(label)
    count = len(track)
    return list(zip(ids or [""] * count, names or [""] * count, strict=True))


def _filled_down(values: list[str] | None) -> list[str] | None:
    if values is None or not any(values):
        return None
    filled, last = [], ""
    for value in values:
        last = value or last
        filled.append(last)
    return filled


def _numbers_points(values: list[str]) -> bool:
    """Tell numbers of points (A, B, C ... A) from names of parcels that stand beside every point."""
    own = values[:-1] if len(values) > 1 and values[0] == values[-1] else values
    return len(set(own)) == len(own) and all(_VERTEX_LABEL.fullmatch(value) for value in own)


class _Cutter:
    def __init__(self, track: Track, east: Floats, north: Floats, closing: float) -> None:
        self.track, self.closing = track, closing
        self.x: list[float] = east.tolist()
        self.y: list[float] = north.tolist()
        self.keys = keys_of(track)
        self.ring_numbers = _filled_down(track.fields.get(Role.RING)) or [""] * len(track)
        self.column_keys = any(any(key) for key in self.keys)
        self.breaks = self._breaks()
        self.certain = [i for i in range(1, len(track)) if self._is_certain(i)] + [len(track)]
        self.parcels: list[Parcel] = []
        self.by_key: dict[tuple[str, str], Parcel] = {}
        self.warnings: list[Text] = []
        self.parcel = Parcel()
        self.ring: list[int] = []
        self.is_closed = False
        self.places = self._rounded(east, north)
        self.same: dict[tuple[int, int], list[int]] = {}
        for index, place in enumerate(self.places):
            self.same.setdefault(place, []).append(index)

    def _breaks(self) -> dict[int, Break]:
        """Return the breaks by the point that follows; empty rows only where they set whole rings apart."""
        found: dict[int, Break] = {}
        for one in self.track.breaks:
            old = found.get(one.index)
            if 0 < one.index < len(self.track) and (old is None or not old.text or opens_parcel(one.text)):
                found[one.index] = one if one.text or old is None else old
        ends = [0, *sorted(found), len(self.track)]
        if any(b - a < _CORNERS for a, b in pairwise(ends)):
            found = {i: one for i, one in found.items() if one.text}
        return {i: one for i, one in found.items() if not goes_on(one.text)}

    def _is_certain(self, index: int) -> bool:
        text = self.breaks[index].text if index in self.breaks else ""
        return bool(
            self.keys[index] != self.keys[index - 1]
            or self.ring_numbers[index] != self.ring_numbers[index - 1]
            or (text and (opens_parcel(text) or opens_ring(text)))
        )

    def _rounded(self, east: Floats, north: Floats) -> list[tuple[int, int]]:
        both = np.clip(np.column_stack([east, north]) / self.closing, -_FARTHEST, _FARTHEST)
        return [(x, y) for x, y in np.round(both).astype(np.int64).tolist()]

    def run(self) -> None:
        for index in range(len(self.track)):
            new_parcel, new_ring, title = self._start(index)
            if new_parcel:
                self._open(index, title)
            elif new_ring:
                self.parcel.rings.append([])
            if new_parcel or new_ring:
                self.ring, self.is_closed = self.parcel.rings[-1], False
            self.ring.append(index)
            self.is_closed |= len(self.ring) > _CORNERS and self._equal(index, self.ring[0])
        if len(self.parcels) > 1 and not self.parcels[0].title and all(one.title for one in self.parcels[1:]):
            self.parcels[0].title = self._line_above()

    def _check_late_name(self, index: int) -> None:
        """Refuse the name of a parcel beside the middle of its points: those above went to the parcel before."""
        labels, start = self.track.labels, self.parcel.rings[0][0]
        first, before, here = (number_of(labels[i]) for i in (self.ring[0], index - 1, index))
        if first is None or before is None or here != before + 1 or self.is_closed:
            return
        # A number that began again under the name before, or under none, began the parcel that is named here.
        again = len(self.parcel.rings) > 1 and number_of(labels[start]) == first
        if not again and any(self.keys[index - 1]):
            return
        name = " ".join(filter(None, self.keys[index]))
        raise self.track.place(index).error(
            f"“{name}” 写在点 {labels[index]} 旁，点号却接着前一行的 {labels[index - 1]} 编；请把名称写在该地块"
            "第一点的行",
            f"“{name}” stands at point {labels[index]}, which goes on behind {labels[index - 1]} of the row above; "
            "write the name in the row of the first point of its parcel",
        )

    def _open(self, index: int, title: str) -> None:
        key = self.keys[index]
        if self.column_keys and index:
            self._check_late_name(index)
        parcel = self.by_key.get(key) if self.column_keys else None
        if parcel is None:
            parcel = Parcel(*key, title)
            self.by_key[key] = parcel
            self.parcels.append(parcel)
        parcel.rings.append([])
        self.parcel = parcel

    def _equal(self, one: int, other: int) -> bool:
        return abs(self.x[one] - self.x[other]) <= self.closing and abs(self.y[one] - self.y[other]) <= self.closing

    def _start(self, index: int) -> tuple[bool, bool, str]:
        """Tell whether a parcel or a ring begins at a point, and under which title."""
        if index == 0:
            return True, True, self._first_title()
        if self.keys[index] != self.keys[index - 1]:
            return True, True, ""
        here = self.breaks.get(index)
        text = here.text if here else ""
        if (text and opens_ring(text)) or self.ring_numbers[index] != self.ring_numbers[index - 1]:
            return False, True, ""
        titled = text != "" and not self.column_keys
        if titled and opens_parcel(text):
            return True, True, text
        ends = self._goes_on_behind_closing(index, here) if self.is_closed else self._ends(index, here)
        return ends and titled, ends, text

    def _goes_on_behind_closing(self, index: int, here: Break | None) -> bool:
        """Tell whether another ring begins; the closing point written twice does not begin one."""
        return here is not None or not self._equal(index, self.ring[0]) or not self._ends_behind(index)

    def _first_title(self) -> str:
        texts = (text for line, text in self.track.statements.texts if line <= self.track.rows[0])
        return next((text for text in reversed([*texts]) if opens_parcel(text)), "")

    def _line_above(self) -> str:
        """Return what stands right above the first point, where the others have such titles."""
        texts = [text for line, text in self.track.statements.texts if line == self.track.rows[0] - 1]
        return texts[0] if texts and may_be_title(texts[0]) else ""

    def _ends_behind(self, index: int) -> bool:
        """Tell whether a point is the last of its ring."""
        following = index + 1
        return following in self.breaks or following == self.certain[bisect_left(self.certain, following)]

    def _restarts(self, index: int) -> bool:
        """Tell whether the first number of the ring comes again at another place, or its series ends: A3, B1."""
        label = self.track.labels[index]
        if len(self.ring) >= _CORNERS and self._new_series(index):
            return True
        return (
            len(self.ring) >= _CORNERS
            and label != ""
            and label == self.track.labels[self.ring[0]]
            and not self._equal(index, self.ring[0])
        )

    def _new_series(self, index: int) -> bool:
        first, before, here = (in_series(self.track.labels[i]) for i in (self.ring[0], index - 1, index))
        return bool(first and before and here and first[0] == before[0] != here[0] and first[1] == here[1])

    def _ends(self, index: int, here: Break | None) -> bool:
        """Tell whether a ring that is not closed ends before a point."""
        if here is None:
            return self._restarts(index)
        if opens_parcel(here.text):
            return True
        closes = self._closes_later(index)
        before, after = self.track.labels[index - 1], self.track.labels[index]
        last, following = number_of(before), number_of(after)
        if closes:
            return False
        if last is None or following is None:
            self.warnings.append(
                self.track.where.at_line(here.line).sentence(
                    "此处分段，前后按两圈读取（前一圈没有闭合）；请核对",
                    "two rings are read before and after this break (the first one was not closed); check them",
                )
            )
            return True
        if following == last + 1:
            raise self.track.where.at_line(here.line).error(
                f"点号在此处断开后接着编（{before}、{after}），前一圈没有闭合，分不清是一圈还是两圈；"
                "若是一圈请删去此处的空行或文字，若是两圈请在每圈末尾重写首点，或用 圈号、地块 列说明",
                f"the table breaks here but the point numbers go on ({before}, {after}) and the ring before is not "
                "closed, so there may be one ring or two; for one ring remove the break, for two repeat the first "
                "point at the end of each, or add a column 圈号 (ring) or 地块 (parcel)",
            )
        return True

    def _closes_later(self, index: int) -> bool:
        """Tell whether the first point of the ring is met again before another ring certainly begins."""
        first = self.ring[0]
        end = self.certain[bisect_left(self.certain, index)]
        x, y = self.places[first]
        near = (self.same.get((x + i, y + j), []) for i in (-1, 0, 1) for j in (-1, 0, 1))
        return any(
            at < len(one) and one[at] < end and self._equal(one[at], first)
            for one in near
            for at in (bisect_left(one, index),)
        )
