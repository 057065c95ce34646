"""What the documents say about a territory, and what had to be chosen: the input of the drawing.

Coordinates are longitude and latitude in degrees, rounded to about a kilometre unless a document gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from demo_data.plane import LonLat

Line = tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class River:
    """A river: class in the layer `rivers`, width in metres between the banks, course, and heights of its bed."""

    name: str
    kind: str
    width: float
    course: Line
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Mountain:
    """A mountain: place, radius in km, and how much steeper than hills it is."""

    place: LonLat
    radius: float
    strength: float


@dataclass(frozen=True, slots=True)
class Place:
    """A named place with an area in hectares."""

    name: str
    place: LonLat
    hectares: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A road or railway: class in the layer `transport` and course."""

    name: str
    kind: str
    course: Line


@dataclass(frozen=True, slots=True)
class Territory:
    """One territory: its frame, relief, townships and settlements."""

    code: str
    name: str
    frame: tuple[float, float, float, float] | None  # documented west, south, east, north
    outline: Line
    area_km2: float
    highest: float
    hills: float
    mountains: tuple[Mountain, ...]
    rivers: tuple[River, ...]
    towns: tuple[tuple[str, LonLat], ...]
    town_codes: tuple[str, ...]
    seat: Place
    centres: tuple[Place, ...]
    parks: tuple[Place, ...]
    sources: tuple[Place, ...]
    routes: tuple[Route, ...]
    lowest: float | None = None
    cell: float = 0.002
    fields: int = 300
    field_ha: float = 4.0
    villages: int = 40
    county_codes: Sequence[str] = ()
