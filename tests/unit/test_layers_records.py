"""Shapes and classes of records, as the definition of their layer says."""

from datetime import date

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import TITLE, layer
from zoning.errors import LayerError
from zoning.layers.catalogue import Edition, Layer, ZoneClass
from zoning.layers.formats import Table
from zoning.layers.records import classes_of, shapes_of

EDITION = Edition(file="data/水源.gpkg", valid_from=date(2020, 1, 1))
BOX = shapely.box(0, 0, 1, 1)
LINE = shapely.LineString([(0, 0), (1, 1)])


def table(*geometries: BaseGeometry, **columns: tuple[str, ...]) -> Table:
    shapes = np.asarray([*geometries, None], dtype=object)[:-1]
    return Table(shapes, columns, tuple(map(str, range(len(geometries)))), None)


def shapes(*geometries: BaseGeometry, lines: bool = False) -> list[str]:
    ids = tuple(f"Z{number}" for number in range(len(geometries)))
    found = shapes_of(layer(lines=lines), EDITION, table(*geometries), ids)
    return [shapely.to_wkt(shape, rounding_precision=0) for shape in found]


def collection(*parts: BaseGeometry) -> BaseGeometry:
    return shapely.GeometryCollection(list(parts))


def test_polygons_of_a_layer_of_areas_stay_as_they_are() -> None:
    both = shapely.MultiPolygon([BOX, shapely.box(2, 0, 3, 1)])
    assert shapes(BOX, both) == [shapely.to_wkt(each, rounding_precision=0) for each in (BOX, both)]


def test_lines_of_a_layer_of_lines_stay_as_they_are() -> None:
    assert shapes(LINE, lines=True) == ["LINESTRING (0 0, 1 1)"]


def test_no_records_are_none() -> None:
    assert shapes() == []


@pytest.mark.parametrize(
    ("lines", "wkt"), [(False, "MULTIPOLYGON (((1 0, 1 1, 0 1, 0 0, 1 0)))"), (True, "MULTILINESTRING ((0 0, 1 1))")]
)
def test_of_a_collection_the_fitting_parts_are_kept(lines: bool, wkt: str) -> None:
    if lines:
        assert shapes(collection(LINE, shapely.Point(0, 0)), lines=True) == [wkt]
    else:
        assert shapes(collection(LINE, BOX, shapely.Point(0, 0))) == [wkt]


def test_collections_in_a_collection_are_taken_apart_as_well() -> None:
    inner = shapely.MultiPolygon([shapely.box(2, 0, 3, 1), shapely.box(4, 0, 5, 1)])
    (found,) = shapes_of(layer(), EDITION, table(collection(BOX, inner)), ("Z0",))
    assert shapely.get_num_geometries(found) == 3


def test_the_records_that_were_read_are_not_changed() -> None:
    records = table(collection(BOX))
    shapes_of(layer(), EDITION, records, ("Z0",))
    assert records.geometries[0].geom_type == "GeometryCollection"


WRONG = [
    (False, LINE, "LineString", "应为面", "holds polygons"),
    (False, shapely.Point(0, 0), "Point", "应为面", "holds polygons"),
    (False, collection(LINE), "GeometryCollection", "应为面", "holds polygons"),
    (True, BOX, "Polygon", "应为线", "holds lines"),
    (True, shapely.Point(0, 0), "Point", "应为线", "holds lines"),
    (True, collection(LINE, BOX), "GeometryCollection", "应为线", "holds lines"),
]


@pytest.mark.parametrize(("lines", "shape", "kind", "zh", "en"), WRONG)
def test_a_record_of_another_kind_is_named(lines: bool, shape: BaseGeometry, kind: str, zh: str, en: str) -> None:
    good = LINE if lines else BOX
    with pytest.raises(LayerError) as caught:
        shapes_of(layer(lines=lines), EDITION, table(good, shape), ("甲", "乙"))
    assert caught.value.get("zh") == (
        f"水源.gpkg：要素 乙 是 {kind}，图层 water {zh}；请更正数据，或更正 layers/water.yaml 的 geometry"
    )
    assert caught.value.get("en") == (
        f"水源.gpkg: feature 乙 is a {kind}, layer water {en}; correct the data or 'geometry' in layers/water.yaml"
    )


# --- classes

CODED: Layer = layer().model_copy(
    update={
        "classes": {
            "level-1": ZoneClass(title=TITLE, codes=("1", "一级")),
            "level-2": ZoneClass(title=TITLE, codes=("2",)),
            "quasi": ZoneClass(title=TITLE, codes=("3",)),
        }
    }
)


def classes(codes: tuple[str, ...], *, edition: Edition = EDITION) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    ids = tuple(f"Z{number}" for number in range(len(codes)))
    return classes_of(CODED, edition, table(**{"class": codes}), ids)


def test_codes_are_the_classes_that_the_definition_gives_them() -> None:
    assert classes(("2", "1", "一级", "3")) == (("level-2", "level-1", "level-1", "quasi"), (False,) * 4)


def test_a_zone_without_a_class_is_assumed_to_be_of_the_strictest() -> None:
    assert classes(("2", "", "3")) == (("level-2", "level-1", "quasi"), (False, True, False))


def test_the_strictest_is_that_of_the_edition() -> None:
    edition = Edition(file="a.gpkg", valid_from=date(2020, 1, 1), classes=("level-2", "quasi"))
    assert classes(("", "3"), edition=edition) == (("level-2", "quasi"), (True, False))


def test_a_code_of_the_layer_that_the_edition_does_not_have_is_refused() -> None:
    edition = Edition(file="a.gpkg", valid_from=date(2020, 1, 1), classes=("level-2", "quasi"))
    with pytest.raises(LayerError) as caught:
        classes(("2", "1"), edition=edition)
    assert "allowed: 2, 3;" in caught.value.get("en")


@pytest.mark.parametrize("code", ["4", "01", " 1", "１", "一级 "])
def test_a_code_that_is_only_similar_is_refused_with_the_allowed_ones(code: str) -> None:
    with pytest.raises(LayerError) as caught:
        classes(("1", code))
    assert caught.value.get("zh") == (
        f"水源.gpkg：要素 Z1 的字段 class 为“{code}”，图层 water 没有这个类别；可用：1, 一级, 2, 3；"
        "请更正数据，或在 layers/water.yaml 中登记"
    )
    assert caught.value.get("en") == (
        f"水源.gpkg: feature Z1: class is '{code}', no class of layer water; allowed: 1, 一级, 2, 3; "
        "correct the data or add the code to layers/water.yaml"
    )


def test_without_a_class_field_all_zones_are_of_the_only_class() -> None:
    plain = layer(classes=("county",)).model_copy(update={"class_field": None})
    assert classes_of(plain, EDITION, table(), ("a", "b")) == (("county", "county"), (False, False))


def test_no_zones_have_no_classes() -> None:
    assert classes(()) == ((), ())


@pytest.mark.parametrize("lines", [False, True])
def test_curves_in_a_collection_are_refused(lines: bool) -> None:
    wkt = "CIRCULARSTRING (0 0, 1 1, 2 0)" if lines else "CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0))"
    curved = shapely.from_wkt(f"GEOMETRYCOLLECTION ({wkt})")
    with pytest.raises(LayerError) as caught:
        shapes_of(layer(lines=lines), EDITION, table(curved), ("乙",))
    assert "要素 乙 是 GeometryCollection with curves" in caught.value.get("zh")
