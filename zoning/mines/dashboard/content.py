"""What the dashboard shows: things of a register with all that is known of them, ready to be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from shapely.geometry.base import BaseGeometry

from zoning.texts import Text

Shape = Literal["circle", "triangle", "pointer", "diamond", "octagon", "square", "hexagon", "pentagon", "star", "cross"]
Due = Literal["overdue", "soon", ""]


@dataclass(frozen=True, slots=True)
class Kind:
    """One value that things are coloured by. Colour and shape both tell it; `hollow` means: not known."""

    name: str
    word: Text
    colour: str
    shape: Shape
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """One way to colour the map. `of`: name of the kind by id; who is left out has the last kind."""

    id: str
    title: Text
    kinds: tuple[Kind, ...]
    of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a card: labelled values; a value without a language (a figure, a name) is a plain string."""

    title: Text
    rows: tuple[tuple[Text, Text | str], ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A series of one thing.

    Attributes
    ----------
    dates, values
        Equally long; None where a date gave no value.
    reference, target
        The same of the reference area and of the target; empty where there is none.
    word
        What it says: recovering, stalled ...
    """

    title: Text
    dates: tuple[date, ...]
    values: tuple[float | None, ...]
    reference: tuple[float | None, ...] = ()
    target: tuple[float | None, ...] = ()
    word: Text | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A small picture (JPEG), with what it shows and when."""

    caption: Text
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Card:
    """One thing of the register.

    Attributes
    ----------
    group
        What charts and filters group by: the township.
    geometry
        Longitude and latitude, degrees; None: not on the map.
    area_m2
        On the ellipsoid; None where it is not known.
    rank
        Place in the order of priority, from 1.
    due, due_text
        Whether a deadline has passed or is near, and which.
    """

    id: str
    name: str
    group: str
    geometry: BaseGeometry | None
    area_m2: float | None = None
    rank: int | None = None
    due: Due = ""
    due_text: Text | None = None
    sections: tuple[Section, ...] = ()
    curves: tuple[Curve, ...] = ()
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of stacked values: for each bar its label and the value of each kind of `theme`, in `unit`."""

    title: Text
    unit: Text
    kinds: tuple[Kind, ...]
    bars: tuple[tuple[Text | str, tuple[float, ...]], ...]
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The whole page.

    Attributes
    ----------
    outlines
        Territories: name and rings of (longitude, latitude).
    remarks
        What the page does not know: analyses that were not made, things without a place ...
    """

    title: Text
    item: Text
    on: date
    notice: Text
    schematic: bool
    cards: Sequence[Card]
    themes: tuple[Theme, ...]
    charts: tuple[Chart, ...] = ()
    remarks: tuple[Text, ...] = ()
    outlines: Sequence[tuple[str, Sequence[Sequence[tuple[float, float]]]]] = field(default_factory=tuple)
