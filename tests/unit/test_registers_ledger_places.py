"""Where a record lies: its territory, whether its shape can be kept, whether the stated area is its own."""

from typing import Any

import pytest
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from register_world import PIT, pits
from zoning.registers.ledger.cells import Cell
from zoning.registers.ledger.places import Surroundings, Territory, check_shape, missing_shape, territory_at
from zoning.registers.ledger.rows import Ledger, LedgerRow
from zoning.registers.ledger.values import RowValues
from zoning.registers.record import Value
from zoning.registers.types import RegisterType
from zoning.texts import Text

WEST = Territory("140522", "阳城县", shapely.box(112.0, 35.0, 112.5, 36.0))
EAST = Territory("140581", "高平市", shapely.box(112.5, 35.0, 113.0, 36.0))
CITY = Territory("1405", "晋城市")
AROUND = Surroundings({one.code: one for one in (CITY, WEST, EAST)})
KIND = pits()
MEASURED = pits(area_field="AREA")
HOLED = shapely.Polygon([(112.1, 35.1), (112.3, 35.1), (112.3, 35.3), (112.1, 35.3)],
                        [[(112.4, 35.4), (112.45, 35.4), (112.45, 35.45)]])  # fmt: skip
BOW = shapely.Polygon([(112.1, 35.1), (112.2, 35.2), (112.2, 35.1), (112.1, 35.2)])


def row_of(kind: RegisterType, values: dict[str, Value] | None = None, *, has_shapes: bool = True) -> RowValues:
    """Return row 7 of a sheet, its shape in column K, its area in column D."""
    cells = {"AREA": Cell("1", "D")}
    row = LedgerRow("台账", 7, cells, None, None, "K")
    ledger = Ledger("a.xlsx", (row,), tuple(kind.fields), has_shapes=has_shapes)
    return RowValues(row, ledger, kind, "P1", values or {})


def faults_of(
    shape: BaseGeometry,
    kind: RegisterType = KIND,
    territory: Territory | None = None,
    values: dict[str, Value] | None = None,
) -> list[tuple[str, str, str]]:
    """Return column and sentences of what is wrong with the shape of a row."""
    found = check_shape(row_of(kind, values), kind, shape, values or {}, territory, [], moved=True)
    return [(one.column, f"{one.wrong.zh}；{one.allowed.zh}", f"{one.wrong.en}; {one.allowed.en}") for one in found]


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("140522", WEST),
        ("140522001", WEST),  # a township of the county
        ("140522001002", WEST),
        ("140599", CITY),
        ("1405", CITY),
        ("阳城县", WEST),
        ("晋城市", CITY),
        ("14052", CITY),
        ("140", None),
        ("150522", None),
        ("阳城", None),
        ("阳城县东城", None),
        ("140522x", None),  # no code: the letters mean something else
        ("", None),
    ],
)
def test_a_territory_is_named_by_code_by_longer_code_or_by_name(named: str, found: Territory | None) -> None:
    assert AROUND.named(named) is found


@pytest.mark.parametrize("named", ["140522", "阳城县", "anything", ""])
def test_without_territories_every_word_is_taken_as_it_stands(named: str) -> None:
    assert Surroundings().named(named) == Territory(named, named)


def test_of_two_territories_with_one_name_the_smaller_one_is_meant() -> None:
    # A district bears the name of its city: the longer code is the more exact one.
    city, district = Territory("1305", "桥东"), Territory("130502", "桥东")
    assert Surroundings({"1305": city, "130502": district}).named("桥东") is district
    assert Surroundings({"130502": district, "1305": city}).named("桥东") is district


@pytest.mark.parametrize(
    ("number", "found"),
    [("140522-0017", WEST), ("1405810003", EAST), ("1405", CITY), ("14059900", CITY), ("K140522", None), ("", None)],
)
def test_the_number_of_a_record_may_begin_with_its_territory(number: str, found: Territory | None) -> None:
    assert AROUND.of_number(number) is found


def test_an_unknown_territory_is_answered_with_the_nearest_and_with_all() -> None:
    wrong, allowed = AROUND.unknown("阳城")
    assert wrong == Text(
        "没有行政区“阳城”；是否想写“阳城县”？", "there is no territory '阳城' - did you mean '阳城县'?"
    )
    assert allowed == Text("1405 晋城市、140522 阳城县、140581 高平市", "1405 晋城市, 140522 阳城县, 140581 高平市")
    assert AROUND.allowed() == allowed


def test_a_territory_that_is_like_no_other_has_no_nearest() -> None:
    assert AROUND.unknown("xyz")[0] == Text("没有行政区“xyz”", "there is no territory 'xyz'")


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        (PIT, WEST),
        (shapely.box(112.45, 35.4, 112.6, 35.5), EAST),
        (shapely.Point(112.2, 35.2), WEST),
        (shapely.Point(112.0, 35.2), WEST),  # on its border
        (shapely.LineString([(112.6, 35.2), (112.7, 35.2)]), EAST),
        (shapely.Point(114.0, 35.2), None),
        (shapely.Polygon(), None),
        (BOW, None),
        (None, None),
    ],
)
def test_a_shape_lies_in_the_territory_of_its_middle(shape: BaseGeometry | None, found: Territory | None) -> None:
    assert territory_at(AROUND, shape) is found


@pytest.mark.parametrize(
    ("shape", "zh", "en"),
    [
        ("area", "没有图形；面", "there is no shape; an area"),
        ("line", "没有图形；线", "there is no shape; a line"),
        ("point", "没有图形；点", "there is no shape; a point"),
    ],
)
def test_a_new_record_of_a_file_with_shapes_asks_for_one(shape: str, zh: str, en: str) -> None:
    kind = pits(shape=shape)
    (found,) = missing_shape(row_of(kind), kind)
    assert (found.column, f"{found.wrong.zh}；{found.allowed.zh}") == ("K", zh)
    assert f"{found.wrong.en}; {found.allowed.en}" == en


@pytest.mark.parametrize(
    ("shape", "has_shapes"), [("area", False), ("any", True), ("none", True), ("line", False), ("none", False)]
)
def test_a_shape_that_nobody_promised_is_not_missing(shape: str, has_shapes: bool) -> None:
    kind = pits(shape=shape)
    assert missing_shape(row_of(kind, has_shapes=has_shapes), kind) == []


LINE, POINT, LAND = shapely.LineString([(112.1, 35.1), (112.2, 35.2)]), shapely.Point(112.1, 35.1), PIT


@pytest.mark.parametrize(
    ("kind", "shape", "en"),
    [
        ("none", LAND, "this kind has no shapes; no shape"),
        ("none", shapely.Point(), "this kind has no shapes; no shape"),
        ("area", shapely.Polygon(), "the shape is empty; an area"),
        ("line", shapely.LineString(), "the shape is empty; a line"),
        ("any", shapely.MultiPoint(), "the shape is empty; a shape"),
        ("area", LINE, "the shape is a line; an area"),
        ("area", POINT, "the shape is a point; an area"),
        ("line", LAND, "the shape is an area; a line"),
        ("point", LAND, "the shape is an area; a point"),
        ("area", shapely.box(112, 35, 112.1, 90.001), "112, 35 is no longitude and latitude; degrees, EPSG:4490"),
        ("area", shapely.box(112, -90.6, 112.1, 35), "112, -91 is no longitude and latitude; degrees, EPSG:4490"),
        ("area", shapely.box(-180.6, 35, 112.1, 36), "-181, 35 is no longitude and latitude; degrees, EPSG:4490"),
        ("area", shapely.box(112, 35, 180.01, 36), "112, 35 is no longitude and latitude; degrees, EPSG:4490"),
        ("point", shapely.Point(37536012, 3919746), "37536012, 3919746 is no longitude and latitude; degrees,"),
        (
            "area",
            BOW,
            "the shape is not valid (Self-intersection near 112.15 35.15); a valid shape; zoning convert repairs it",
        ),
    ],
)  # fmt: skip
def test_a_shape_that_the_kind_cannot_keep_is_refused(kind: str, shape: BaseGeometry, en: str) -> None:
    (found,) = faults_of(shape, pits(shape=kind))
    assert found[0] == "K"
    assert found[2].startswith(en)


@pytest.mark.parametrize(
    ("kind", "shape", "zh"),
    [
        ("none", LAND, "这类台账没有图形；不写图形"),
        ("any", shapely.Polygon(), "图形是空的；一个图形"),
        ("area", LINE, "图形是线；面"),
        ("line", POINT, "图形是点；线"),
        ("point", LAND, "图形是面；点"),
        ("point", shapely.Point(540000.4, 91), "坐标 540000, 91 不是经纬度；EPSG:4490 的经纬度（度）"),
        ("area", BOW, "图形有错（自相交，在 112.15 35.15 附近）；不自交的图形；可用 zoning convert 修复"),
        ("area", HOLED, "图形有错（洞在外环之外，在 112.4 35.4 附近）；不自交的图形；可用 zoning convert 修复"),
    ],
)
def test_what_is_wrong_with_a_shape_is_said_in_chinese(kind: str, shape: BaseGeometry, zh: str) -> None:
    assert [found[1] for found in faults_of(shape, pits(shape=kind))] == [zh]


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("area", LAND),
        ("area", shapely.MultiPolygon([LAND])),
        ("line", LINE),
        ("point", POINT),
        ("point", shapely.MultiPoint([POINT])),
        ("any", LAND),
        ("any", LINE),
        ("any", POINT),
        ("area", shapely.box(-180, -90, 180, 90)),
    ],
)
def test_a_shape_of_the_kind_has_no_fault(kind: str, shape: BaseGeometry) -> None:
    assert faults_of(shape, pits(shape=kind)) == []


def wide(outside: float) -> BaseGeometry:
    """Return a box of which a share lies east of the border at 112.5 degrees."""
    return shapely.box(112.4 + 0.1 * outside, 35.4, 112.5 + 0.1 * outside, 35.5)


@pytest.mark.parametrize("outside", [0.0501, 0.06, 0.5])
def test_more_than_a_twentieth_outside_the_territory_is_refused(outside: float) -> None:
    (found,) = faults_of(wide(outside), territory=WEST)
    middle = 112.45 + 0.1 * outside
    assert found == (
        "K",
        f"图形有 {outside:.0%} 在阳城县（140522）之外（中心 {middle:.4f}, 35.4500）；本行政区内的图形",
        (
            f"{outside:.0%} of the shape lies outside 阳城县 (140522); its centre is {middle:.4f}, 35.4500; "
            "a shape inside the territory"
        ),
    )


@pytest.mark.parametrize(("outside", "share"), [(0.0499, "4.99%"), (0.01, "1.00%"), (0.001, "0.10%")])
def test_a_small_part_outside_is_kept_with_a_notice(outside: float, share: str) -> None:
    notices: list[Text] = []
    assert check_shape(row_of(KIND), KIND, wide(outside), {}, WEST, notices, moved=True) == []
    assert notices == [
        Text(f"P1：图形有 {share} 在阳城县（140522）之外", f"P1: {share} of the shape lies outside 阳城县 (140522)")
    ]


@pytest.mark.parametrize(
    ("shape", "territory"),
    [(PIT, WEST), (wide(0.0), WEST), (wide(1e-8), WEST), (wide(0.5), None), (wide(0.5), CITY), (wide(1.0), EAST)],
)
def test_nothing_is_said_of_a_shape_inside_or_of_a_border_that_is_not_known(
    shape: BaseGeometry, territory: Territory | None
) -> None:
    notices: list[Text] = []
    assert check_shape(row_of(KIND), KIND, shape, {}, territory, notices, moved=True) == []
    assert notices == []


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (shapely.LineString([(112.4, 35.4), (112.6, 35.4)]), "50% of the shape lies outside 阳城县 (140522); its"),
        (shapely.Point(112.6, 35.4), "100% of the shape lies outside 阳城县 (140522); its centre is 112.6000, 35.4000"),
    ],
)
def test_lines_are_measured_by_length_and_points_are_in_or_out(shape: BaseGeometry, said: str) -> None:
    (found,) = faults_of(shape, pits(shape="any"), WEST)
    assert found[2].startswith(said)


def test_a_point_on_the_border_lies_inside() -> None:
    assert faults_of(shapely.Point(112.5, 35.4), pits(shape="any"), WEST) == []


# Another library's area, its edges geodesic: at this size it differs from that of straight edges by far less than 1 %.
TRUE_M2 = abs(Geod(ellps="GRS80").geometry_area_perimeter(PIT)[0])


@pytest.mark.parametrize("factor", [1.0, 1.0095, 0.9905])
@pytest.mark.parametrize(
    ("unit", "square_metres"), [("ha", 1e4), ("m²", 1.0), ("亩", 1e4 / 15), ("公顷", 1e4), ("km²", 1e6)]
)
def test_an_area_within_one_percent_is_that_of_the_shape(factor: float, unit: str, square_metres: float) -> None:
    kind = with_area(unit)
    assert faults_of(PIT, kind, values={"AREA": factor * TRUE_M2 / square_metres}) == []


@pytest.mark.parametrize(("factor", "differs"), [(1.011, "1.1%"), (0.989, "1.1%"), (15.0, "1400.0%"), (0.0, "100.0%")])
def test_an_area_further_off_is_a_fault_of_its_column(factor: float, differs: str) -> None:
    stated = round(factor * TRUE_M2 / 1e4, 4)
    assert faults_of(PIT, MEASURED, values={"AREA": stated}) == [
        (
            "D",
            (
                f"面积 {stated:,.10g} ha 与图形的 {TRUE_M2 / 1e4:,.1f} ha 相差 {differs}；"
                "相差不超过 1%；核对面积、单位或图形"
            ),
            (
                f"the area {stated:,.10g} ha differs from the {TRUE_M2 / 1e4:,.1f} ha of the shape by {differs}; "
                "within 1%: check area, unit or shape"
            ),
        )
    ]


def with_area(unit: str) -> RegisterType:
    """Return the made-up type with an area in a unit."""
    stated: dict[str, Any] = pits().model_dump(mode="json", by_alias=True)
    stated["fields"]["AREA"] |= {"unit": unit, "maximum": None}
    return RegisterType.model_validate(stated | {"area_field": "AREA"})


TINY = shapely.box(112.40, 35.48, 112.40002, 35.48002)
TINY_M2 = abs(Geod(ellps="GRS80").geometry_area_perimeter(TINY)[0])  # four square metres


@pytest.mark.parametrize(("off", "faults"), [(0.98, 0), (-0.98, 0), (1.05, 1), (-1.05, 1)])
def test_of_a_tiny_shape_one_square_metre_is_no_fault(off: float, faults: int) -> None:
    assert len(faults_of(TINY, with_area("m²"), values={"AREA": TINY_M2 + off})) == faults


@pytest.mark.parametrize(
    ("kind", "shape", "values"),
    [
        (KIND, PIT, {"AREA": 1.0}),  # nothing says that this is the area of the shape
        (MEASURED, PIT, {}),
        (MEASURED, PIT, {"AREA": None}),
        (pits(shape="line", area_field="AREA"), LINE, {"AREA": 1.0}),
    ],
)
def test_an_area_that_nobody_stated_of_a_shape_is_not_compared(
    kind: RegisterType, shape: BaseGeometry, values: dict[str, Value]
) -> None:
    assert faults_of(shape, kind, values=values) == []


def test_of_a_shape_that_the_register_holds_only_the_area_is_compared() -> None:
    row = row_of(MEASURED)
    notices: list[Text] = []
    far = Territory("150000", "别处", shapely.box(0, 0, 1, 1))
    assert check_shape(row, MEASURED, PIT, {}, far, notices, moved=False) == []
    (fault,) = check_shape(row, MEASURED, PIT, {"AREA": 1.0}, far, notices, moved=False)
    assert fault.wrong.en.startswith("the area 1 ha differs from")
    assert fault.column == "K"  # the row says no area: the fault is that of its shape
    assert notices == []
