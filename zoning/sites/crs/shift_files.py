"""The user's file of parameters from an old datum to CGCS2000: strict models, every mistake with its line.

Signs and directions are written out, because every program has its own habit: the file says which way a rotation
turns, and which convention the seven parameters follow.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from zoning.mistakes import Mistake
from zoning.texts import Text
from zoning.yaml_files import YamlFile, load, validate

MOST_CHECK_POINTS = 1000


def _finite(value: float) -> float:
    if abs(value) < float("inf"):
        return value
    raise Mistake(Text("不是有限的数，请写成小数", "this is no finite number: write a decimal"))


def _code(text: str) -> str:
    found = re.fullmatch(r"(?:EPSG[:\s]*)?(\d{4,6})", text.strip(), re.IGNORECASE)
    if found:
        return f"EPSG:{found[1]}"
    raise Mistake(Text("应为 EPSG 代码，例如 EPSG:2362", "an EPSG code is meant, such as EPSG:2362"))


Number = Annotated[float, AfterValidator(_finite)]
Code = Annotated[str, AfterValidator(_code)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ValidIn(_Strict):
    """Where the parameters hold: a box of CGCS2000 longitude and latitude, degrees."""

    west: Number
    south: Number
    east: Number
    north: Number

    @model_validator(mode="after")
    def _box(self) -> "ValidIn":
        if not (-180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90):  # noqa: PLR2004 - degrees
            raise Mistake(
                Text(
                    "范围应为度：west 小于 east，south 小于 north",
                    "degrees with west < east and south < north are meant",
                )
            )
        return self


class Spot(_Strict):
    """A point, in the words of its system: `north` and `east` in metres, or `lon` and `lat` in degrees."""

    north: Number | None = None
    east: Number | None = None
    lon: Number | None = None
    lat: Number | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Spot":
        given = [name for name in ("north", "east", "lon", "lat") if getattr(self, name) is not None]
        if given not in (["north", "east"], ["lon", "lat"]):
            raise Mistake(
                Text("点应写 north 和 east（米），或 lon 和 lat（度）", "a point has north and east, or lon and lat")
            )
        return self

    @property
    def in_plane(self) -> bool:
        """Whether it is given in metres."""
        return self.north is not None

    @property
    def xy(self) -> tuple[float, float]:
        """East or longitude, north or latitude."""
        x, y = (self.east, self.north) if self.in_plane else (self.lon, self.lat)
        return float(x or 0.0), float(y or 0.0)


class CheckPoint(_Strict):
    """A point that is known in both systems."""

    given: Spot = Field(alias="from")
    known: Spot = Field(alias="to")


class _Parameters(_Strict):
    from_crs: Code
    to_crs: Code
    accuracy_m: Annotated[Number, Field(gt=0, le=100)]
    valid_in: ValidIn
    source: Annotated[str, Field(min_length=1)]
    check_points: Annotated[tuple[CheckPoint, ...], Field(max_length=MOST_CHECK_POINTS)] = ()


class Similarity(_Parameters):
    """Four parameters between two planes.

    ``N' = dn + k (N cos a - E sin a)``, ``E' = de + k (N sin a + E cos a)`` with k the scale and a the rotation,
    positive clockwise (from north towards east); `rotation_direction` tells which way the file counts it.
    """

    method: Literal["similarity"]
    dn_m: Number
    de_m: Number
    rotation_arcsec: Number
    rotation_direction: Literal["clockwise", "counterclockwise"]
    scale_ppm: Number | None = None
    scale_factor: Annotated[Number, Field(gt=0.9, lt=1.1)] | None = None

    @model_validator(mode="after")
    def _one_scale(self) -> "Similarity":
        if (self.scale_ppm is None) == (self.scale_factor is None):
            raise Mistake(
                Text(
                    "scale_ppm 和 scale_factor 须写一个，且只写一个（scale_factor 接近 1，scale_ppm 接近 0）",
                    "write either scale_ppm (near 0) or scale_factor (near 1)",
                )
            )
        return self

    @property
    def scale(self) -> float:
        """The factor k."""
        return self.scale_factor if self.scale_factor is not None else 1 + (self.scale_ppm or 0.0) * 1e-6


Shift = Annotated[Number, Field(ge=-2000, le=2000)]
Angle = Annotated[Number, Field(ge=-100, le=100)]


class BursaWolf(_Parameters):
    """Seven parameters between two geocentric frames (Helmert, Bursa-Wolf).

    `rotation_convention` is the one of EPSG methods 9606 (position vector) and 9607 (coordinate frame): the same
    rotation has opposite signs in them.
    """

    method: Literal["bursa_wolf"]
    dx_m: Shift
    dy_m: Shift
    dz_m: Shift
    rx_arcsec: Angle
    ry_arcsec: Angle
    rz_arcsec: Angle
    scale_ppm: Annotated[Number, Field(ge=-1000, le=1000)]
    rotation_convention: Literal["position_vector", "coordinate_frame"]


class _AnyMethod(BaseModel):
    model_config = ConfigDict(extra="allow")

    method: Literal["similarity", "bursa_wolf"]


ShiftFile = Similarity | BursaWolf


def read_shift_file(path: Path) -> tuple[ShiftFile, YamlFile]:
    """Read the file of `--datum-shift`.

    Raises
    ------
    ContentError
        With every mistake of the file, each with its line.
    """
    file = load(path)
    content: Any = file.value if isinstance(file.value, dict) else {}
    if content.get("method") == "bursa_wolf":
        return validate(file, BursaWolf, content), file
    if content.get("method") != "similarity":
        validate(file, _AnyMethod, content)
    return validate(file, Similarity, content), file
