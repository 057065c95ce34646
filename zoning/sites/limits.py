"""How much a boundary file may ask of the machine, and what the user said about it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from math import pi, sqrt
from pathlib import Path
from typing import Any

from zoning.sites.drawing import Drawing
from zoning.sites.where import Where
from zoning.texts import Text

Bounds = tuple[float, float, float, float]
MOST_CROSSINGS = 20_000
_SLICE_VERTICES, _SLICE_TEXT = 500_000, 5_000_000  # about 80 MB and 10 MB while they are read


@dataclass(frozen=True, slots=True)
class Limits:
    """Sane upper ends; a file beyond them is refused with a sentence, never read in part.

    Attributes
    ----------
    file_bytes
        Size of the file itself, or of all files of a folder together.
    unpacked_bytes
        Size of everything in an archive together, as unpacked.
    members
        Number of files in an archive or a folder.
    ratio
        Unpacked over packed size of an archive, tested from 20 MB on.
    records, parts, rings, vertices
        Of the whole file; a part is a polygon, a line or a point.
    nesting
        Depth of collections in collections, of blocks in blocks.
    fields, text
        Attributes of all records together, and the characters of their names and values.
    crossings
        How often the border of one ring may meet itself; more is a tangle that takes all memory when taken apart.
    memory_mb, seconds
        Of the worker process alone (`zoning.sites.sandbox`): address space and time.
    """

    file_bytes: int = 200_000_000
    unpacked_bytes: int = 400_000_000
    members: int = 1_000
    ratio: int = 200
    records: int = 100_000
    parts: int = 200_000
    rings: int = 400_000
    vertices: int = 4_000_000
    nesting: int = 32
    fields: int = 5_000_000
    text: int = 30_000_000
    crossings: int = MOST_CROSSINGS
    memory_mb: int = 1_024
    seconds: int = 30


_COUNTED = {
    "records": Text("个图形", "records"),
    "parts": Text("个部分", "parts"),
    "rings": Text("个环", "rings"),
    "vertices": Text("个点", "vertices"),
    "fields": Text("个属性值", "attributes"),
    "text": Text("个属性字符", "characters of attributes"),
}


@dataclass(slots=True)
class Tally:
    """What one reading has taken so far of its limits."""

    limits: Limits
    records: int = 0
    parts: int = 0
    rings: int = 0
    vertices: int = 0
    fields: int = 0
    text: int = 0

    def take(self, drawings: Sequence[Drawing], where: Where) -> None:
        """Count one record.

        Raises
        ------
        SiteError
            When the file holds more than is allowed.
        """
        self.count("records", 1, where)
        self.count("parts", len(drawings), where)
        self.count("rings", sum(len(drawing.rings) for drawing in drawings), where)
        self.count("vertices", sum(len(ring) for drawing in drawings for ring in drawing.rings), where)

    def take_texts(self, attributes: Mapping[str, str], where: Where) -> None:
        """Count the attributes of one record; see `take`.

        Raises
        ------
        SiteError
            When the file holds more than is allowed.
        """
        self.count("fields", len(attributes), where)
        self.count("text", sum(len(name) + len(value) for name, value in attributes.items()), where)

    def count(self, name: str, more: int, where: Where) -> None:
        """Count `more` of what `name` says (`records`, `parts`, `rings`, `vertices`, `fields`, `text`); see `take`.

        Raises
        ------
        SiteError
            When the file holds more than is allowed.
        """
        total, allowed = getattr(self, name) + more, getattr(self.limits, name)
        setattr(self, name, total)
        if total > allowed:
            word = _COUNTED[name]
            raise Where(where.file).error(
                f"超过 {allowed} {word.zh}的上限；请只导出项目范围，或用 --limit {name}=… 提高上限",
                f"it holds more than the allowed {allowed} {word.en}; export the footprint alone, or raise the limit "
                f"with --limit {name}=…",
            )


@dataclass(slots=True)
class Load:
    """What a slice of a file holds so far; a full one is ended before it has the rows that were asked for."""

    vertices: int = 0
    text: int = 0

    def add(self, drawings: Sequence[Drawing], attributes: Mapping[str, str]) -> None:
        """Add one record."""
        self.vertices += sum(len(ring) for drawing in drawings for ring in drawing.rings)
        self.text += sum(map(len, attributes.values()))

    @property
    def full(self) -> bool:
        """Whether no further record should join."""
        return self.vertices >= _SLICE_VERTICES or self.text >= _SLICE_TEXT


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said about the file, and where its footprints are expected.

    Attributes
    ----------
    expected
        West, south, east, north of the territories in degrees; None: anywhere on earth.
    width_m
        Whole width of lines, diameter of points.
    radius_m, area_m2
        Instead of the diameter of points; an area is taken as that of a circle.
    datum_shift
        The user's file of parameters between an old datum and CGCS2000.
    """

    expected: Bounds | None = None
    width_m: float | None = None
    radius_m: float | None = None
    area_m2: float | None = None
    encoding: str | None = None
    crs: str | None = None
    layer: str | None = None
    datum_shift: Path | None = None
    limits: Limits = Limits()
    tally: Tally = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Start counting."""
        object.__setattr__(self, "tally", Tally(self.limits))

    def afresh(self) -> "Options":
        """Return the same options, with nothing counted yet."""
        return replace(self)

    def plain(self) -> dict[str, Any]:
        """Return what was said as values of JSON."""
        stated = {one.name: getattr(self, one.name) for one in fields(self) if one.init}
        shift = None if self.datum_shift is None else str(self.datum_shift)
        return {**stated, "datum_shift": shift, "limits": asdict(self.limits)}

    @classmethod
    def from_plain(cls, stated: Mapping[str, Any]) -> "Options":
        """Return the options that `plain` gave."""
        expected, shift = stated["expected"], stated["datum_shift"]
        return cls(
            **{
                **stated,
                "expected": None if expected is None else tuple(expected),
                "datum_shift": None if shift is None else Path(shift),
                "limits": Limits(**stated["limits"]),
            }
        )

    @property
    def diameter_m(self) -> float | None:
        """The diameter of points."""
        if self.radius_m is not None:
            return 2 * self.radius_m
        return self.width_m if self.area_m2 is None else 2 * sqrt(self.area_m2 / pi)
