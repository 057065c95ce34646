"""One point row in the forms that occur: with and without ring number, with a height behind."""

import re
from dataclasses import dataclass

from zoning.sites.where import Where

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{0,20})?")
_RING = re.compile(r"[0-9]{1,6}")
_SMALLEST_PLANE = 100_000.0
_HIGHEST_M = 9_000.0
_PLAIN, _WITH_RING, _WITH_HEIGHT = 3, 4, 5


@dataclass(frozen=True, slots=True)
class PointRow:
    """Name, ring number (None without one), the two coordinates as they stand, height (None without one)."""

    name: str
    ring: int | None
    first: float
    second: float
    height: float | None = None


def point_row(fields: list[str], place: Where) -> PointRow:
    """Read the fields of a row.

    Raises
    ------
    SiteError
        When their number is not as specified, or a number is none.
    """
    while len(fields) > _PLAIN and not fields[-1]:
        fields = fields[:-1]
    if len(fields) not in (_PLAIN, _WITH_RING, _WITH_HEIGHT):
        raise place.error(
            zh=f"“{','.join(fields)[:30]}” 不是界址点行（{len(fields)} 项）：规定为 点号,圈号,X坐标,Y坐标；"
            "请改正或删去此行",
            en=f"“{','.join(fields)[:30]}” is no point row: it has {len(fields)} field{'s' * (len(fields) != 1)}, "
            "specified is 点号,圈号,X坐标,Y坐标 (point, ring, north, east); correct or remove this line",
        )
    if len(fields) == _PLAIN:
        name, first, second = fields
        if _RING.fullmatch(first):
            raise place.error(
                f"“{','.join(fields)[:30]}” 少一个坐标：规定为 点号,圈号,X坐标,Y坐标；请补全",
                f"“{','.join(fields)[:30]}” lacks a coordinate: specified is 点号,圈号,X坐标,Y坐标 (point, ring, "
                "north, east); complete it",
            )
        return PointRow(name, None, _coordinate(first, place), _coordinate(second, place))
    if len(fields) == _WITH_RING and _is_plane(fields[1]) and _is_plane(fields[2]):
        return PointRow(fields[0], None, float(fields[1]), float(fields[2]), _height(fields[3], place))
    name, ring, first, second, *rest = fields
    number, height = _ring(ring, place), _height(rest[0], place) if rest else None
    return PointRow(name, number, _coordinate(first, place), _coordinate(second, place), height)


def _ring(text: str, place: Where) -> int | None:
    if not text:
        return None
    if not _RING.fullmatch(text) or int(text) == 0:
        raise place.error(
            f"圈号 “{text[:20]}” 不是从 1 起的整数", f"the ring number “{text[:20]}” is no whole number from 1 on"
        )
    return int(text)


def _is_plane(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and float(text) >= _SMALLEST_PLANE


def _coordinate(text: str, place: Where) -> float:
    if not _NUMBER.fullmatch(text):
        raise place.error(
            f"坐标 “{text[:30]}” 不是数字；请改正", f"the coordinate “{text[:30]}” is no number; correct it"
        )
    return float(text)


def _height(text: str, place: Where) -> float:
    if not _NUMBER.fullmatch(text) or abs(float(text)) > _HIGHEST_M:
        raise place.error(
            f"最后一项 “{text[:30]}” 不是高程（米）；界址点行规定为 点号,圈号,X坐标,Y坐标",
            f"the last field “{text[:30]}” is no height in metres; a row is 点号,圈号,X坐标,Y坐标 (point, ring, north, "
            "east)",
        )
    return float(text)
