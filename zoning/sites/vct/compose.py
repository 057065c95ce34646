"""Polygons of a VCT file from the lines they are made of: joined end to end, or refused with id and line.

The sign of an id states the direction of its line. Where it contradicts the ends of the lines, the ends decide and the
polygon bears a warning; where the ends do not meet, nothing is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zoning.errors import SiteError
from zoning.sites.drawing import Coordinates, Drawing
from zoning.sites.footprint_geometry import assemble
from zoning.sites.limits import Options
from zoning.sites.rings import CrossingError, regroup
from zoning.sites.vct.sheet import JOIN_DEGREES, JOIN_M, Shape, Sheet
from zoning.sites.where import Where
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Composed:
    """One object as drawings.

    Attributes
    ----------
    curves
        Number of arcs in it that were turned into lines.
    """

    drawings: list[Drawing]
    curves: int = 0
    warnings: tuple[Text, ...] = ()


@dataclass(slots=True)
class _Work:
    """What the making of one object has come to so far."""

    shape: Shape
    vertices: int = 0
    curves: int = 0
    turned: int | None = None


class Composer:
    """Makes drawings of the objects of one file."""

    def __init__(self, sheet: Sheet, where: Where, options: Options) -> None:
        self._where, self._options = where, options
        self._dim = sheet.head.dim
        self._degrees = sheet.head.get("CoordinateSystemType").upper().startswith("D")
        self._near = JOIN_DEGREES if self._degrees else JOIN_M
        self._north_first = sheet.head.north_first
        self._lines = _by_id(sheet.lines)
        self._polygons = _by_id(sheet.polygons)

    def compose(self, shape: Shape) -> Composed:
        """Return an object as drawings, x first.

        Raises
        ------
        SiteError
            When it names what is not there or does not join.
        """
        work = _Work(shape)
        if shape.kind == "polygon":
            drawings = self._area(shape, work, 0)
        elif shape.kind == "line":
            drawings = [Drawing("line", (path,)) for path in self._paths(shape, work, 0)]
        else:
            drawings = [Drawing("point", (row[None, :],)) for path in shape.paths for row in self._array(path, work)]
        if self._north_first:
            drawings = [
                Drawing(drawing.kind, tuple(_exchanged(ring) for ring in drawing.rings)) for drawing in drawings
            ]
        warnings = () if work.turned is None else (self._turned(shape, work.turned),)
        return Composed(drawings, work.curves, warnings)

    def _array(self, path: "np.typing.ArrayLike", work: _Work) -> Coordinates:
        points: Coordinates = np.array(path, dtype=np.float64).reshape(-1, self._dim)
        self._count(work, len(points))
        return points

    def _count(self, work: _Work, more: int) -> None:
        """Stop at the limit before anything of that size is put together."""
        work.vertices += more
        if work.vertices > self._options.limits.vertices:
            self._options.tally.count("vertices", work.vertices, self._where)

    def _area(self, shape: Shape, work: _Work, depth: int) -> list[Drawing]:
        if shape.made == "polygons":
            return [drawing for ref in shape.refs if ref for drawing in self._part(shape, ref, work, depth)]
        if shape.made == "lines":
            rings = [ring for group in _groups(shape) for ring in self._rings(shape, group, work)]
        else:
            rings = [self._array(path, work) for path in shape.paths]
            work.curves += shape.curves
        return self._grouped(shape, rings)

    def _part(self, shape: Shape, ref: int, work: _Work, depth: int) -> list[Drawing]:
        """Return a polygon that another one is made of."""
        if ref < 0:
            raise self._error(
                shape,
                f"由面组成，其中面 {ref} 带负号，含义不明；请导出为由线组成的面",
                f"is made of polygons, the minus of {ref} has no known meaning; export it as made of lines",
            )
        self._check_depth(shape, depth)
        self._count(work, 1)
        return self._area(self._found(self._polygons, ref, shape, "面", "polygon"), work, depth + 1)

    def _check_depth(self, shape: Shape, depth: int) -> None:
        if depth >= self._options.limits.nesting:
            raise self._error(
                shape,
                f"层层引用超过 {self._options.limits.nesting} 层，可能循环引用；请重新导出",
                f"refers to others more than {self._options.limits.nesting} deep, perhaps in a circle; export it again",
            )

    def _found(self, known: dict[int, list[Shape]], ref: int, shape: Shape, zh: str, en: str) -> Shape:
        found = known.get(abs(ref), [])
        if len(found) == 1:
            return found[0]
        if not found:
            raise self._error(
                shape,
                f"引用的{zh} {abs(ref)} 不在文件中；请导出完整的文件",
                f"refers to the {en} {abs(ref)}, which is not in the file; export the whole file",
            )
        raise self._error(
            shape,
            f"引用的{zh} {abs(ref)} 标识码重复（第 {found[0].line} 行和第 {found[1].line} 行）；请重新导出",
            f"refers to the {en} {abs(ref)}, an id that stands {len(found)} times (lines {found[0].line} and "
            f"{found[1].line}); export it again",
        )

    def _grouped(self, shape: Shape, rings: list[Coordinates]) -> list[Drawing]:
        place = self._where.at_line(shape.line)
        if len(rings) > self._options.limits.rings:
            self._options.tally.count("rings", len(rings), place)
        if len(rings) == 1:
            return [Drawing("polygon", (rings[0],))]
        # Checked ring by ring first: grouping needs rings that enclose something.
        outlines = [Drawing("polygon", (ring,)) for ring in rings]
        assemble(outlines, where=place, width_m=None, crossings=self._options.limits.crossings)
        try:
            return list(regroup(rings).polygons)
        except CrossingError as error:
            first, second = error.first + 1, error.second + 1
            if error.same:
                raise self._error(
                    shape,
                    f"的第 {first} 环与第 {second} 环重复；请删去一个",
                    f"has the same ring twice ({first}, {second}); remove one",
                ) from error
            raise self._error(
                shape,
                f"的第 {first} 环与第 {second} 环相交，分不清内外；请改正",
                f"has rings that cross ({first} and {second}), so neither is a hole of the other; correct them",
            ) from error

    def _rings(self, shape: Shape, group: list[int], work: _Work) -> Iterator[Coordinates]:
        """Yield the rings that a run of lines makes; a ring is complete as soon as it comes back to its start."""
        pieces: list[Coordinates] = []
        before = 0
        for ref in group:
            for piece in self._directed(shape, ref, work, 0):
                self._join(shape, pieces, piece, (before, ref), work)
                before = ref
                if self._meet(pieces[0][0], pieces[-1][-1]):
                    yield _closed(pieces)
                    pieces = []
        if pieces:
            raise self._gap(shape, (before, group[0]), pieces[-1][-1], pieces[0][0])

    def _join(
        self, shape: Shape, pieces: list[Coordinates], piece: Coordinates, refs: tuple[int, int], work: _Work
    ) -> None:
        """Append a line to those before, turned round when only its other end fits."""
        if not pieces or self._meet(pieces[-1][-1], piece[0]):
            pieces.append(piece)
            return
        if self._meet(pieces[-1][-1], piece[-1]):
            pieces.append(piece[::-1])
        elif len(pieces) == 1 and self._meet(pieces[0][0], piece[0]):
            pieces[:] = [pieces[0][::-1], piece]
        elif len(pieces) == 1 and self._meet(pieces[0][0], piece[-1]):
            pieces[:] = [pieces[0][::-1], piece[::-1]]
        else:
            raise self._gap(shape, refs, pieces[-1][-1], piece[0])
        work.turned = abs(refs[1]) if work.turned is None else work.turned

    def _meet(self, first: Coordinates, second: Coordinates) -> bool:
        return bool(abs(first[0] - second[0]) <= self._near and abs(first[1] - second[1]) <= self._near)

    def _gap(self, shape: Shape, refs: tuple[int, int], first: Coordinates, second: Coordinates) -> SiteError:
        gap = float(np.hypot(*(first[:2] - second[:2])))
        zh, en = (f"{gap:.8f} 度", f"{gap:.8f}°") if self._degrees else (f"{gap:.3f} 米", f"{gap:.3f} m")
        return self._error(
            shape,
            f"的边界线没有首尾相接：线 {abs(refs[0])} 与线 {abs(refs[1])} 之间相差 {zh}，围不成面；请重新导出",
            f"has lines that do not join: {en} lie between the lines {abs(refs[0])} and {abs(refs[1])}, they enclose "
            "nothing; export it again",
        )

    def _paths(self, line: Shape, work: _Work, depth: int) -> list[Coordinates]:
        """Return the parts of a line; one that is made of others is taken apart."""
        if line.made == "points":
            work.curves += line.curves
            return [self._array(path, work) for path in line.paths]
        self._check_depth(line, depth)
        parts: list[list[Coordinates]] = []
        for group in _groups(line):
            parts.append([])
            for ref in group:
                for path in self._directed(line, ref, work, depth + 1):
                    if parts[-1] and not self._meet(parts[-1][-1][-1], path[0]):
                        raise self._gap(line, (ref, ref), parts[-1][-1][-1], path[0])
                    parts[-1].append(path)
        return [np.vstack([first, *(piece[1:] for piece in others)]) for first, *others in parts]

    def _directed(self, shape: Shape, ref: int, work: _Work, depth: int) -> list[Coordinates]:
        """Return the parts of the line that an id means, in the direction of its sign."""
        self._count(work, 1)
        paths = self._paths(self._found(self._lines, ref, shape, "线", "line"), work, depth)
        if not all(map(len, paths)):
            raise self._error(
                shape,
                f"引用的线 {abs(ref)} 没有点；请重新导出",
                f"refers to the line {abs(ref)} without points; export it again",
            )
        return [path[::-1] for path in paths[::-1]] if ref < 0 else paths

    def _turned(self, shape: Shape, ref: int) -> Text:
        return self._where.at_line(shape.line).sentence(
            f"面 {shape.id} 中线 {ref} 的正负号与首尾相接的方向不符，已按首尾相接的方向连接",
            f"in the polygon {shape.id} the sign of the line {ref} contradicts the ends of the lines, which decided",
        )

    def _error(self, shape: Shape, zh: str, en: str) -> SiteError:
        word, word_en = ("线", "line") if shape.kind == "line" else ("面", "polygon")
        return self._where.at_line(shape.line).error(f"{word} {shape.id} {zh}", f"the {word_en} {shape.id} {en}")


def _by_id(shapes: list[Shape]) -> dict[int, list[Shape]]:
    known: dict[int, list[Shape]] = {}
    for shape in shapes:
        known.setdefault(shape.id, []).append(shape)
    return known


def _groups(shape: Shape) -> Iterator[list[int]]:
    """Yield the ids between the zeros."""
    group: list[int] = []
    for ref in shape.refs:
        if ref:
            group.append(ref)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _closed(pieces: list[Coordinates]) -> Coordinates:
    """Put the lines of a ring together, every node once and the first also at the end."""
    first, *others = pieces
    ring: Coordinates = np.vstack([first, *(piece[1:] for piece in others)])
    ring[-1] = ring[0]
    return ring


def _exchanged(ring: Coordinates) -> Coordinates:
    order = [1, 0, *range(2, ring.shape[1])]
    return ring[:, order]
