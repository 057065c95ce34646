"""What a register holds of one thing, as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shapely.geometry.base import BaseGeometry

Value = str | int | float | bool | date | tuple[str, ...] | None
"""What a field can hold: codes as their texts, several codes as a sorted tuple, nothing as None."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing of a register (a mine parcel, a pond ...) at one moment.

    Attributes
    ----------
    id
        Value of the type's id field; unique in its register for ever.
    geometry
        Longitude and latitude, degrees, CGCS2000 (EPSG:4490); None where the place is not known.
    values
        By field of the type; a field without value is left out.
    state
        Where it stands in the workflow of the type.
    since
        The day on which it came into that state.
    version
        Counts the changes, from 1: whoever changes it says which version was read.
    """

    id: str
    name: str
    territory: str
    geometry: BaseGeometry | None
    values: Mapping[str, Value] = field(default_factory=dict)
    state: str = ""
    since: date | None = None
    version: int = 1
