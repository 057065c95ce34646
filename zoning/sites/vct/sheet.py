"""What a VCT file holds, as it stands: nothing here is joined or judged yet.

The grammar (GB/T 17798-2007, as the land survey writes it), one value or one row a line, every object ending in 0:

- line: id, code, style, 1, number of segments, then for each its type, number of points, points; or 100, number of
  lines, their ids
- polygon: id, code, style, 1 or 100, label point; 1: number of rings, then for each its type, number of points, points;
  100: 21 (made of lines) or 22 (of polygons), number of ids with the separating zeros, the ids eight in a row, a minus
  for a line taken backwards
- point: id, code, style, type, number of points unless it is one, points
- attributes: name of the table, rows of id and values, TableEnd
"""

from array import array
from dataclasses import dataclass, field
from typing import Literal

from zoning.sites.drawing import Kind
from zoning.sites.vct.head import Head

JOIN_M, JOIN_DEGREES = 0.001, 1e-8
"""How far apart two points may lie that are meant to be one."""

Made = Literal["points", "lines", "polygons"]

_NO_REFS = array("q")


@dataclass(frozen=True, slots=True)
class FeatureCode:
    """One entry of the list of feature codes."""

    code: str
    name: str
    table: str


@dataclass(frozen=True, slots=True)
class Table:
    """Fields of a table in their order, name and type in small letters."""

    name: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One object.

    Attributes
    ----------
    line
        Where it begins in the file.
    paths
        Points of rings, of one line, or of points: x, y (and z) in one row; where `made` is points.
    refs
        Ids of lines or polygons, negative ones backwards, 0 between parts that do not join.
    curves
        Number of arcs and circles that were turned into lines.
    """

    id: int
    line: int
    code: str
    kind: Kind
    made: Made = "points"
    paths: tuple["array[float]", ...] = ()
    refs: "array[int]" = field(default_factory=lambda: _NO_REFS)
    curves: int = 0


@dataclass(slots=True)
class Sheet:
    """The whole file.

    Attributes
    ----------
    codes
        In the order of the file; one code may stand twice with different tables.
    rows
        Rows of every table, its name in small letters, by id: the values as one text.
    odd_rows
        Lines that are no rows of their table.
    """

    head: Head
    codes: list[FeatureCode] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    points: list[Shape] = field(default_factory=list)
    lines: list[Shape] = field(default_factory=list)
    polygons: list[Shape] = field(default_factory=list)
    rows: dict[str, dict[int, str]] = field(default_factory=dict)
    odd_rows: list[int] = field(default_factory=list)
