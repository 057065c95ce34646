"""Where a record lies: inside which territory, with which area."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.mistakes import meant
from zoning.registers.ledger.faults import RowFault
from zoning.registers.ledger.values import RowValues
from zoning.registers.record import Value
from zoning.registers.types import SQUARE_METRES, RegisterType
from zoning.texts import Text

MOST_OUTSIDE = 0.05
"""Share of an area that may lie beyond the border of its territory, as borders are drawn: the team's choice."""
LARGEST_ERROR = 0.01
"""Of a stated area against the shape: the team's choice; areas of a projected plane differ by less than 0.1 %."""
LARGEST_ERROR_M2 = 1.0

_DIMENSIONS = {"area": 2, "line": 1, "point": 0}
_SHAPES = {
    2: Text("面", "an area"),
    1: Text("线", "a line"),
    0: Text("点", "a point"),
}


@dataclass(frozen=True)
class Territory:
    """A territory: its code, its name, its shape in degrees (EPSG:4490), None where that is not known."""

    code: str
    name: str
    shape: BaseGeometry | None = None


@dataclass(frozen=True)
class Surroundings:
    """The territories by code.

    Attributes
    ----------
    default
        The one that holds for rows that name none, as the user said.
    """

    territories: Mapping[str, Territory] = field(default_factory=dict)
    default: Territory | None = None

    def named(self, text: str) -> Territory | None:
        """Return the territory of a code, of a longer code that begins with it, or of a name.

        Without territories every code is taken as it stands.
        """
        if not self.territories:
            return Territory(text, text)
        if text in self.territories:
            return self.territories[text]
        longer = [one for code, one in self.territories.items() if text.isdecimal() and text.startswith(code)]
        named = [one for one in self.territories.values() if text and text == one.name]
        found = longer or named
        return max(found, key=lambda one: len(one.code)) if found else None

    def of_number(self, number: str) -> Territory | None:
        """Return the territory whose code begins the number of a record."""
        found = [one for code, one in self.territories.items() if number.startswith(code)]
        return max(found, key=lambda one: len(one.code)) if found else None

    def unknown(self, text: str) -> tuple[Text, Text]:
        """Return what is wrong with a territory that is none, and what is allowed."""
        near = meant(text, [word for one in self.territories.values() for word in (one.code, one.name)])
        wrong = Text(f"没有行政区“{text}”{near.zh}", f"there is no territory '{text}'{near.en}")
        return wrong, self.allowed()

    def allowed(self) -> Text:
        """Return the territories that there are."""
        zh = "、".join(f"{one.code} {one.name}" for one in self.territories.values())
        return Text(zh, zh.replace("、", ", "))


def territory_at(around: Surroundings, shape: BaseGeometry | None) -> Territory | None:
    """Return the territory in which the middle of a shape (longitude and latitude) lies."""
    if shape is None or shape.is_empty or not shape.is_valid:
        return None
    middle = shape.representative_point()
    return next(
        (one for one in around.territories.values() if one.shape is not None and one.shape.covers(middle)), None
    )


def check_shape(
    row: RowValues,
    kind: RegisterType,
    shape: BaseGeometry,
    values: Mapping[str, Value],
    territory: Territory | None,
    notices: list[Text],
    *,
    moved: bool,
) -> list[RowFault]:
    """Return what is wrong with the shape of a record (degrees) and with the area stated for it.

    Parameters
    ----------
    moved
        The shape comes from the row; else it is what the register holds, and only the area is compared.
    """
    if moved:
        faults = _plain_faults(row, kind, shape) or _outside(row, shape, territory, notices)
        if faults:
            return faults
    return _area(row, kind, shape, values)


def missing_shape(row: RowValues, kind: RegisterType) -> list[RowFault]:
    """Return the fault of a new record without a shape in a file that gives shapes."""
    wanted = row.ledger.has_shapes and kind.shape in _DIMENSIONS
    return [row.fault(None, Text("没有图形", "there is no shape"), _wanted(kind))] if wanted else []


def _wanted(kind: RegisterType) -> Text:
    dimension = _DIMENSIONS.get(kind.shape)
    return Text("一个图形", "a shape") if dimension is None else _SHAPES[dimension]


def _plain_faults(row: RowValues, kind: RegisterType, shape: BaseGeometry) -> list[RowFault]:
    if kind.shape == "none":
        return [row.fault(None, Text("这类台账没有图形", "this kind has no shapes"), Text("不写图形", "no shape"))]
    if shape.is_empty:
        return [row.fault(None, Text("图形是空的", "the shape is empty"), _wanted(kind))]
    dimension = shapely.get_dimensions(shape)
    if kind.shape in _DIMENSIONS and dimension != _DIMENSIONS[kind.shape]:
        found = _SHAPES.get(int(dimension), Text(shape.geom_type, shape.geom_type))
        return [row.fault(None, Text(f"图形是{found.zh}", f"the shape is {found.en}"), _wanted(kind))]
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - degrees
        wrong = Text(
            f"坐标 {west:.0f}, {south:.0f} 不是经纬度", f"{west:.0f}, {south:.0f} is no longitude and latitude"
        )
        return [row.fault(None, wrong, Text("EPSG:4490 的经纬度（度）", "degrees, EPSG:4490"))]
    if not shape.is_valid:
        why, _, spot = shapely.is_valid_reason(shape).partition("[")
        at = spot.rstrip("]")
        wrong = Text(
            f"图形有错（{_REASONS.get(why.strip(), why.strip())}，在 {at} 附近）",
            f"the shape is not valid ({why.strip()} near {at})",
        )
        return [
            row.fault(
                None, wrong, Text("不自交的图形；可用 zoning convert 修复", "a valid shape; zoning convert repairs it")
            )
        ]
    return []


_REASONS = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "洞在外环之外",
    "Nested shells": "外环嵌套",
    "Nested holes": "洞嵌套",
    "Interior is disconnected": "内部不连通",
    "Too few points in geometry component": "点数不足",
    "Duplicate Rings": "重复的环",
}


def _outside(row: RowValues, shape: BaseGeometry, territory: Territory | None, notices: list[Text]) -> list[RowFault]:
    if territory is None or territory.shape is None:
        return []
    size = _size(shape)
    inside = _size(shape.intersection(territory.shape)) if size else float(territory.shape.covers(shape))
    outside = 1 - inside / size if size else 1 - inside
    name = f"{territory.name}（{territory.code}）"
    if outside > MOST_OUTSIDE:
        west, south, east, north = shape.bounds
        at = f"{(west + east) / 2:.4f}, {(south + north) / 2:.4f}"
        wrong = Text(
            f"图形有 {outside:.0%} 在{name}之外（中心 {at}）",
            f"{outside:.0%} of the shape lies outside {territory.name} ({territory.code}); its centre is {at}",
        )
        return [row.fault(None, wrong, Text("本行政区内的图形", "a shape inside the territory"))]
    if outside > 1e-6:  # noqa: PLR2004 - a share, not a rounding error
        notices.append(
            Text(
                f"{row.id}：图形有 {outside:.2%} 在{name}之外",
                f"{row.id}: {outside:.2%} of the shape lies outside {territory.name} ({territory.code})",
            )
        )
    return []


def _size(shape: BaseGeometry) -> float:
    dimension = shapely.get_dimensions(shape)
    return float(shape.area if dimension == 2 else shape.length if dimension == 1 else 0.0)  # noqa: PLR2004 - an area


def _area(row: RowValues, kind: RegisterType, shape: BaseGeometry, values: Mapping[str, Value]) -> list[RowFault]:
    """Compare the stated area with that of the shape on the ellipsoid."""
    from zoning.sites.reading import ellipsoid_area

    name = kind.area_field
    stated = values.get(name) if name is not None else None
    if name is None or not isinstance(stated, int | float) or shapely.get_dimensions(shape) != 2:  # noqa: PLR2004 - areas
        return []
    unit = kind.fields[name].unit
    stated_m2, measured = stated * SQUARE_METRES[unit], ellipsoid_area(shape, "EPSG:4490")
    if abs(stated_m2 - measured) <= max(LARGEST_ERROR * measured, LARGEST_ERROR_M2):
        return []
    there = measured / SQUARE_METRES[unit]
    wrong = Text(
        f"面积 {stated:,.10g} {unit} 与图形的 {there:,.1f} {unit} 相差 {abs(stated_m2 / measured - 1):.1%}",
        f"the area {stated:,.10g} {unit} differs from the {there:,.1f} {unit} of the shape by "
        f"{abs(stated_m2 / measured - 1):.1%}",
    )
    column = name if name in row.values else None
    return [
        row.fault(
            column,
            wrong,
            Text(
                f"相差不超过 {LARGEST_ERROR:.0%}；核对面积、单位或图形",
                f"within {LARGEST_ERROR:.0%}: check area, unit or shape",
            ),
        )
    ]
