"""What a format's reader hands over, before the coordinate system is settled and names are given."""

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from zoning.errors import ZoningError
from zoning.sites.site import Repair
from zoning.sites.where import Where
from zoning.texts import Text

_SILENCE = Text("文件没有说明坐标系", "the file does not state its coordinate system")


@dataclass(frozen=True, slots=True)
class Declared:
    """The coordinate system that a file states, in words that pyproj understands.

    Attributes
    ----------
    implied
        The file says nothing; the standard of its format does (GeoJSON, KML).
    """

    crs: str
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Rings whose roles as outlines and holes were decided anew.

    Attributes
    ----------
    before
        The footprint as the file's own roles would have made it.
    """

    count: int
    before: BaseGeometry


@dataclass(frozen=True, slots=True)
class RawSite:
    """One record of a file; the axes of `geometry` are as the file has them, x first.

    Attributes
    ----------
    width_m
        For a line its whole width, for a point the diameter of the circle.
    stated_points
        Number of points that the file states, without those that close a ring.
    accuracy_m
        How far rounding of the written numbers may have moved a point, where that is worth saying.
    """

    where: Where
    geometry: BaseGeometry
    attributes: dict[str, str] = field(default_factory=dict)
    stated_id: str = ""
    stated_name: str = ""
    stated_area_m2: float | None = None
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[Text, ...] = ()
    regrouped: Regrouped | None = None
    width_m: float | None = None
    stated_points: int | None = None
    accuracy_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """What a record says of itself, without its shape."""

    where: Where
    attributes: dict[str, str] = field(default_factory=dict)
    stated_id: str = ""
    stated_name: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A record of a file that is no footprint.

    Attributes
    ----------
    error
        Its sentence is the one that the file would be refused with.
    """

    where: Where
    error: ZoningError
    attributes: dict[str, str] = field(default_factory=dict)
    stated_id: str = ""
    stated_name: str = ""


@dataclass(frozen=True, slots=True)
class RawFile:
    """All records of a file.

    Attributes
    ----------
    silence
        Why there is no `declared`, half a sentence.
    may_be_degrees
        Without a declared system, numbers that fit the territories as longitude and latitude are taken as such.
    warnings
        Concern every record.
    encoding
        Python's name of the codec of the texts, empty where the format leaves no choice.
    file
        Name of what was read where the path names an archive or folder around it: `a.zip/范围.shp`.
    """

    sites: tuple[RawSite, ...]
    declared: Declared | None
    silence: Text = _SILENCE
    may_be_degrees: bool = False
    warnings: tuple[Text, ...] = ()
    encoding: str = ""
    file: str = ""
