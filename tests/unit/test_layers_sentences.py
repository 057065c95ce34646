"""Layers that lie elsewhere, columns that would be read wrongly, and persons who answer for a zone."""

import pytest

from overlay_world import layer
from zoning.layers.apart import apart
from zoning.layers.datum import Bounds
from zoning.layers.geoparquet import unfit_column
from zoning.layers.responsible import NOT_RECORDED, Person, Responsible
from zoning.mistakes import Mistake
from zoning.texts import Text

GROUND: Bounds = (112.0, 35.0, 113.0, 36.0)
# 100 km are 0.9044° of latitude and 1.137° of longitude beside 36.9°N.
NORTH, EAST = 100_000 / 110_574, 1.1309

# --- a layer that does not reach the territories


@pytest.mark.parametrize(
    "extent",
    [
        GROUND,
        (112.4, 35.4, 112.5, 35.5),
        (70.0, 10.0, 140.0, 60.0),
        (112.0, 36.0 + NORTH - 1e-6, 113.0, 40.0),
        (112.0, 30.0, 113.0, 35.0 - NORTH + 1e-6),
        (113.0 + EAST - 1e-3, 35.0, 120.0, 36.0),
        (100.0, 35.0, 112.0 - EAST + 1e-3, 36.0),
    ],
)
def test_a_layer_within_a_hundred_kilometres_reaches_the_territories(extent: Bounds) -> None:
    assert apart(layer(), "a.gpkg", extent, GROUND) is None


@pytest.mark.parametrize(
    "extent",
    [
        (112.0, 36.0 + NORTH + 1e-6, 113.0, 40.0),
        (112.0, 30.0, 113.0, 35.0 - NORTH - 1e-6),
        (113.0 + EAST + 1e-2, 35.0, 120.0, 36.0),
        (100.0, 35.0, 112.0 - EAST - 1e-2, 36.0),
    ],
)
def test_a_layer_farther_away_is_told(extent: Bounds) -> None:
    assert apart(layer(), "a.gpkg", extent, GROUND) is not None


def test_the_sentence_says_where_both_lie() -> None:
    found = apart(layer(), "水源.gpkg", (115.0, 35.125, 116.0, 35.5), GROUND)
    assert found is not None
    assert found.zh == (
        "水源.gpkg：全部图斑位于 115.00–116.00°E, 35.12–35.50°N，离辖区（112.00–113.00°E, 35.00–36.00°N）100 公里以上；"
        "请检查图层 water 的 crs（带号、中央经线）。辖区内若确实没有图斑，请换用只含辖区的数据（可以是空表）"
    )
    assert found.en == (
        "水源.gpkg: all zones lie at 115.00–116.00°E, 35.12–35.50°N, more than 100 km from the territories "
        "(112.00–113.00°E, 35.00–36.00°N); check the crs of layer water (zone, central meridian). If there is no zone "
        "in the territories, give data of the territories alone (the table may be empty)"
    )


# --- what a GeoParquet file says of its geometry


@pytest.mark.parametrize("described", [{"encoding": "WKB"}, {"encoding": "WKB", "edges": "planar", "crs": None}])
def test_plain_wkb_with_planar_edges_is_read(described: dict[str, object]) -> None:
    assert unfit_column("a.parquet", described) is None


@pytest.mark.parametrize("described", [{}, {"encoding": "wkb"}, {"encoding": "point"}, {"edges": "planar"}])
def test_another_encoding_is_told(described: dict[str, object]) -> None:
    found = unfit_column("水源.parquet", described)
    assert found == Text("水源.parquet：几何编码须为 WKB", "水源.parquet: the geometry must be encoded as WKB")


@pytest.mark.parametrize(
    ("edges", "shown"), [("spherical", "spherical"), ("", ""), (None, "null"), (["planar"], '["planar"]'), (1, "1")]
)
def test_edges_that_are_no_straight_lines_are_told(edges: object, shown: str) -> None:
    found = unfit_column("a.parquet", {"encoding": "WKB", "edges": edges})
    assert found is not None
    assert f"边是大地线（edges={shown}），按直线读取会偏移，整个图层不能使用" in found.zh
    assert f"edges are geodesics (edges={shown}); straight lines would lie elsewhere" in found.en


# --- who answers for a zone

CHIEF = Text("河长", "river chief")
RESPONSIBLE = Responsible(field="chief", title=CHIEF, office_field="office", contact_field="phone")


@pytest.mark.parametrize(
    ("attributes", "zh", "en"),
    [
        ({"chief": "张三", "office": "水务局", "phone": "1234"}, "张三，水务局，1234", "张三, 水务局, 1234"),
        ({"chief": "张三"}, "张三", "张三"),
        ({"office": "水务局", "chief": ""}, "水务局", "水务局"),
        ({"phone": "1234", "office": ""}, "1234", "1234"),
        ({"other": "李四"}, "未登记", "not recorded"),
        ({"chief": "", "office": "", "phone": ""}, "未登记", "not recorded"),
    ],
)
def test_a_person_is_what_is_recorded_of_them(attributes: dict[str, str], zh: str, en: str) -> None:
    found = RESPONSIBLE.of(attributes)
    assert found.text == Text(zh, en)
    assert found.title == CHIEF


def test_what_is_empty_in_the_table_is_none() -> None:
    assert RESPONSIBLE.of({"chief": "", "office": "", "phone": ""}) == Person(CHIEF, None, None, None)


def test_fields_that_are_not_stated_are_not_looked_for() -> None:
    plain = Responsible(field="chief", title=CHIEF)
    assert plain.of({"chief": "张三", "office": "水务局", "phone": "1"}) == Person(CHIEF, "张三")


def test_nobody_is_said_in_words() -> None:
    assert Person(CHIEF, None).text is NOT_RECORDED


@pytest.mark.parametrize(
    ("responsible", "fields"),
    [
        (RESPONSIBLE, ("chief", "office", "phone")),
        (Responsible(field="chief", title=CHIEF), ("chief",)),
        (Responsible(field="a", title=CHIEF, office_field="a", contact_field="b"), ("a", "b")),
    ],
)
def test_the_fields_are_named_once_each(responsible: Responsible, fields: tuple[str, ...]) -> None:
    assert responsible.fields == fields


def test_fields_that_are_attributes_and_not_public_are_taken() -> None:
    RESPONSIBLE.check(("phone", "office", "chief", "basin"), ("basin",))


def test_behind_a_field_that_is_not_stated_the_next_one_is_looked_at() -> None:
    without_office = Responsible(field="chief", title=CHIEF, contact_field="phone")
    without_office.check(("chief", "phone"), ())
    with pytest.raises(Mistake):
        without_office.check(("chief",), ())


@pytest.mark.parametrize("key", ["field", "office_field", "contact_field"])
def test_a_field_of_a_person_is_never_public(key: str) -> None:
    name = getattr(RESPONSIBLE, key)
    with pytest.raises(Mistake) as caught:
        RESPONSIBLE.check(("chief", "office", "phone"), ("basin", name))
    assert caught.value.at == ("public_attributes", 1)
    assert caught.value.text.zh == f"字段“{name}”是责任人信息，不得列入 public_attributes；请删去"


@pytest.mark.parametrize("missing", ["chief", "office", "phone"])
def test_a_field_that_the_layer_does_not_have_is_refused(missing: str) -> None:
    there = tuple(name for name in ("chief", "office", "phone") if name != missing)
    with pytest.raises(Mistake) as caught:
        RESPONSIBLE.check(there, ())
    assert f"图层的 attributes 中没有字段“{missing}”；可用：{', '.join(there)}" in caught.value.text.zh
