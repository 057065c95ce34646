"""Coordinates in running text, as copied out of Word and PDF: found, paired, or refused with what was understood."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.tables.grid import Break, Numbers, Track
from zoning.sites.tables.measures import NotationError
from zoning.sites.tables.pairs import doubt, odd_pair
from zoning.sites.tables.panels import in_order
from zoning.sites.tables.statements import names_centre
from zoning.sites.tables.titles import may_be_title, opens_parcel, opens_ring
from zoning.sites.tables.tokens import Token, tokens
from zoning.sites.where import Where

MOST_SIGNS = 2_000_000
"""Characters of free text; tables may be longer."""

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_RANGE = re.compile(r"^\s*(?:~|-+|至|到|——)\s*$")
_FAR = 40
_CENTRE = "中心点"
_SHOWN = 6
_AROUND = "()、 "
_WORD = re.compile(r"\w")
_BESIDE = re.compile(r"边长|高程|间距|距离|方位角")
_EXACT_DECIMALS = 4
_CORNERS = 3


def read_prose(text: str, where: Where, options: Options, title: str = "") -> Track | None:
    """Return the points of a text in plain signs; None when it holds no coordinates.

    Raises
    ------
    SiteError
        When a number that must be a coordinate finds no partner.
    """
    if len(text) > MOST_SIGNS:
        raise where.error(
            f"不是规则的表格，文字超过 {MOST_SIGNS:,} 字，不再逐字查找坐标；请整理成 点号,X,Y 的表格",
            f"it is no regular table and has more than {MOST_SIGNS:,} characters, too many to search; make it a table "
            "with the columns point, X, Y",
        )
    reader = _Prose(text, where, title)
    for spaced in (False, True):
        found = reader.tokens(options, spaced=spaced)
        pairs = reader.paired(found)
        if pairs:
            return reader.track(pairs, found)
    return None


class _Prose:
    def __init__(self, text: str, where: Where, title: str) -> None:
        self.text, self.where, self.title = text, where, title
        self.ranges: list[tuple[Token, Token]] = []
        self.column: list[str] = []
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, position: int) -> Where:
        return self.where.at_line(bisect_right(self.starts, position))

    def tokens(self, options: Options, *, spaced: bool) -> list[Token]:
        found: list[Token] = []
        try:
            for token in tokens(self.text, options.expected, spaced=spaced):
                found.append(token)  # noqa: PERF402 - what was found before an error names its line
        except NotationError as error:
            position = found[-1].end if found else 0
            raise self.place(self._next_digit(position)).error_of(error.text) from error
        return found

    def _next_digit(self, position: int) -> int:
        match = re.compile("[0-9]").search(self.text, position)
        return match.start() if match else position

    def paired(self, found: Sequence[Token]) -> list[list[tuple[Token, Token]]]:
        """Return the points in one system or two."""
        plane = self._without_ranges([token for token in found if token.kind in ("N", "E")])
        degrees = self._without_ranges([token for token in found if token.kind in ("lon", "lat")])
        if self.ranges and not plane and not degrees:
            raise self._only_a_range()
        if {token.kind for token in plane} != {"N", "E"}:
            plane = self._none(plane, degrees)
        sure = [token for token in degrees if token.one and (token.one.is_angle or token.one.axis)]
        if plane and len(degrees) != len(plane):
            # Beside metres, a bare decimal is a length or a height unless every point has one.
            degrees = sure
        elif not plane and {token.kind for token in sure} == {"lon", "lat"}:
            degrees = sure
        if {token.kind for token in degrees} != {"lon", "lat"}:
            degrees = []
        systems = [self._pairs(one, found) for one in (plane, degrees) if one]
        if len(systems) == 2 and len(systems[0]) != len(systems[1]):  # noqa: PLR2004 - two systems stand beside each other
            systems = [self._main(*systems)]
        return systems

    def _without_ranges(self, numbers: list[Token]) -> list[Token]:
        """Leave out “from ... to ...” of one axis; between corners the axes take turns."""
        kept: list[Token] = []
        for token in numbers:
            last = kept[-1] if kept else None
            if last and last.kind == token.kind and _RANGE.match(self.text[last.end : token.start]):
                self.ranges.append((kept.pop(), token))
            else:
                kept.append(token)
        return kept

    def _only_a_range(self) -> SiteError:
        first, last = self.ranges[0]
        return self.place(first.start).error(
            f"“{self._shown(first)}”至“{self._shown(last)}”是坐标的起止范围，不是界址点；请提供各界址点的坐标",
            f"“{self._shown(first)}” to “{self._shown(last)}” is a range, not a corner; give the coordinates of every "
            "corner",
        )

    def _none(self, plane: list[Token], degrees: list[Token]) -> list[Token]:
        exact = [token for token in plane if "." in token.text]
        if exact and not degrees:
            raise self._lonely(exact[0])
        return []

    def _main(self, plane: list[tuple[Token, Token]], degrees: list[tuple[Token, Token]]) -> list[tuple[Token, Token]]:
        """Choose between corners in one system and a centre in the other."""
        for corners, other in ((plane, degrees), (degrees, plane)):
            if len(other) == 1 and names_centre(self._before(other[0][0])):
                return corners
        place = self.place(degrees[0][0].start)
        raise place.error(
            f"平面坐标有 {len(plane)} 个点，经纬度有 {len(degrees)} 个点，配不上；请只保留一种",
            f"there are {len(plane)} points in metres and {len(degrees)} in degrees, which do not match; keep one kind",
        )

    def _before(self, token: Token) -> str:
        line = self.text.rfind("\n", 0, token.start) + 1
        return self.text[max(line, token.start - _FAR) : token.start]

    def _pairs(self, numbers: list[Token], found: Sequence[Token]) -> list[tuple[Token, Token]]:
        pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
        bad = odd_pair(pairs) if pairs else None
        if bad is None and len(numbers) % 2 == 0:
            wrong = doubt(pairs, found, self.text)
            if wrong is not None:
                raise self.place(wrong[0].start).error(wrong[1].zh, wrong[1].en)
            return pairs
        columns = self._one_column_after_the_other(numbers, found)
        if columns is not None:
            return columns
        raise self._lonely(numbers[-1] if bad is None else pairs[bad][0], len(pairs) if bad is None else bad)

    def _one_column_after_the_other(
        self, numbers: list[Token], found: Sequence[Token]
    ) -> list[tuple[Token, Token]] | None:
        """Pair the columns of a PDF that come one after the other, when the point numbers count the same."""
        half = len(numbers) // 2
        first, second = numbers[:half], numbers[half:]
        kinds = {token.kind for token in first}, {token.kind for token in second}
        labels = [token for token in found if token.kind == "label" and token.start < numbers[0].start]
        if len(numbers) % 2 or any(len(one) != 1 for one in kinds) or kinds[0] == kinds[1] or len(labels) != half:
            return None
        self.column = [token.text.strip(_AROUND) for token in labels]
        return list(zip(first, second, strict=True))

    def _shown(self, token: Token) -> str:
        return " ".join(token.text.split())

    def _lonely(self, token: Token, before: int = 0) -> SiteError:
        text = self._shown(token)
        return self.place(token.start).error(
            f"“{text}” 没有成对的另一个坐标（之前读到 {before} 个点）；请补全或改正，每个点写 X 和 Y（或经度和纬度）",
            f"“{text}” has no second coordinate ({before} points were read before it); complete or correct it: every "
            "point needs X and Y, or longitude and latitude",
        )

    def track(self, systems: list[list[tuple[Token, Token]]], found: Sequence[Token]) -> Track:
        track = Track(self.where, self.title)
        track.statements.add(0, self.title)
        for number, line in enumerate(self.text.split("\n"), 1):
            track.statements.add(number, line)
        main = systems[0]
        for pairs in systems:
            numbers = Numbers(*_names(pairs[0]))
            for first, second in pairs:
                if first.one is not None and second.one is not None:
                    numbers.add(first.one, second.one)
            track.numbers.append(numbers)
        self._points(track, systems, found)
        self._unread(track, systems, found)
        for first, _ in main:
            track.rows.append(bisect_right(self.starts, first.start))
        return in_order(track)

    def _points(self, track: Track, systems: list[list[tuple[Token, Token]]], found: Sequence[Token]) -> None:
        """Note the label of every point, and what separates it from the point before."""
        if self.column:
            track.labels[:] = self.column
            return
        names = [
            token for token in found if token.kind == "label" or (token.kind == "number" and token.text.isdecimal())
        ]
        starts = [token.start for token in names]
        end, sure, titles = 0, [], list[Break]()
        for index, points in enumerate(zip(*systems, strict=True)):
            start = min(token.start for pair in points for token in pair)
            between = self.text[end:start]
            last = bisect_right(starts, start) - 1
            token = names[last] if last >= 0 and names[last].start >= end else None
            if token is not None and token.kind == "number" and _WORD.search(self.text[token.end : start]):
                token = None
            sure.append(token is None or token.kind == "label")
            label = "" if token is None else token.text.strip(_AROUND)
            track.labels.append(_CENTRE if names_centre(between[-_FAR:]) else label)
            track.words.append(between.rpartition("\n")[2][-_FAR:])
            if index:
                track.breaks.extend(self._breaks(between, index, end))
                lines = [line for line in between.split("\n")[1:-1] if may_be_title(line)]
                titles += [Break(index, self._line(line, end), line) for line in lines]
            end = max(end, *(token.end for pair in points for token in pair))
        self._add_titles(track, titles)
        if not all(track.labels):
            # Bare numbers are numbers of points only where every point has one.
            track.labels[:] = [label if one else "" for label, one in zip(track.labels, sure, strict=True)]

    def _add_titles(self, track: Track, titles: list[Break]) -> None:
        """Take lines of words as breaks where they set whole rings apart; before every point they are its name."""
        ends = [0, *sorted({one.index for one in (*track.breaks, *titles)}), len(track.labels)]
        if all(b - a >= _CORNERS for a, b in pairwise(ends)):
            track.breaks.extend(titles)

    def _breaks(self, between: str, index: int, position: int) -> list[Break]:
        lines = [line for line in re.split(r"[\n;。]", between) if opens_parcel(line) or opens_ring(line)]
        if lines:
            return [Break(index, self._line(lines[0], position), lines[0])]
        if _BLANK_LINE.search(between):
            return [Break(index, self.place(position + len(between)).line or 0)]
        return []

    def _line(self, text: str, position: int) -> int:
        return self.place(self.text.find(text, position)).line or 0

    def _unread(self, track: Track, systems: list[list[tuple[Token, Token]]], found: Sequence[Token]) -> None:
        """Say which numbers with decimals were left over; refuse when one must be a coordinate."""
        used = {token.start for pairs in [*systems, self.ranges] for pair in pairs for token in pair}
        rest = [token for token in found if token.start not in used and token.kind != "label" and "." in token.text]
        for token in rest:
            decimals = len(token.text.rstrip("EWNSewns ").partition(".")[2])
            if token.kind in ("N", "E") or (token.kind != "number" and decimals >= _EXACT_DECIMALS):
                if names_centre(self._before(token)):
                    continue
                raise self._lonely(token, len(systems[0]))
        if rest and not _BESIDE.search(self.text):
            shown = "、".join(self._shown(token) for token in rest[:_SHOWN])
            track.warnings.append(
                self.place(rest[0].start).sentence(
                    f"有 {len(rest)} 个数字没有读作坐标（{shown}）；请核对",
                    f"{len(rest)} numbers were not read as coordinates ({shown}); check them",
                )
            )


def _names(pair: tuple[Token, Token]) -> tuple[tuple[str, str], tuple[str, str]]:
    first, second = pair
    axes = (first.one.axis if first.one else "", second.one.axis if second.one else "")
    return (" ".join(first.text.split()), " ".join(second.text.split())), axes
