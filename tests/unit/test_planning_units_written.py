"""A plan as JSON and as tables: lineage, sums, and what is said to be missing."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from overlay_world import PLANE, catalogue, write_zones
from unit_plans import (
    CATALOGUE,
    DOUBTFUL,
    EAST,
    ENTRY,
    LAND,
    ON,
    UNIT,
    member,
    plan,
    scheme,
    skeleton,
    unit,
)
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.maps.qgis.tables import Table
from zoning.overlay.source import LayerSource
from zoning.planning.units.document import SCHEMA, document_of, inputs_of
from zoning.planning.units.members import MemberZone, Unseen
from zoning.planning.units.plan import Plan
from zoning.planning.units.remarks import remarks_of
from zoning.planning.units.scheme import Scheme
from zoning.planning.units.skeleton import UnitSkeleton
from zoning.planning.units.tables import lonlat_of, made_of, tables_of, written_error
from zoning.styles.stylebook import Stylebook
from zoning.texts import Text


def document(one: Plan, skeletons: Sequence[UnitSkeleton] = (), written: float = 0.0) -> dict[str, Any]:
    found = json.loads(document_of(one, skeletons, {"program": "1"}, written))
    assert isinstance(found, dict)
    return found


FULL = plan(
    unit("ZH1", "priority", (member(), 30.0), (member("town", "T1", "level-2", "城"), 5.0), kept_from=0.75),
    unit("ZH2", "general", shape=EAST, part=None),
)


def test_the_head_of_a_plan_as_json() -> None:
    found = document(FULL, written=2e-12)
    assert found["schema"] == SCHEMA
    assert found["territory"] == {"code": "140522", "name": "阳城县", "area_m2": 10_000.0}
    assert found["scheme"] == {"id": "units", "title": {"zh": "方案", "en": "scheme"}, "layer": "units"}
    assert (found["on"], found["incomplete"], found["not_seen"]) == ("2026-06-01", False, [])
    assert found["area"] == {
        "units_m2": 10_000.0, "relative_error": 0.0, "relative_error_of_file": 2e-12, "grid_m": 0.001,
        "minimum_m2": 5.0,
    }  # fmt: skip
    assert found["inputs"] == {"program": "1"}


def test_a_unit_as_json() -> None:
    one, other = document(FULL)["units"]
    assert one["members"] == [
        {"layer": "water", "edition": "2020", "zone": "W1", "name": "下芹", "class": "level-1", "area_m2": 30.0},
        {"layer": "town", "edition": "2020", "zone": "T1", "name": "城", "class": "level-2", "area_m2": 5.0},
    ]
    assert (one["code"], one["class"], one["area_m2"], one["share"]) == ("ZH1", "priority", 4_000.0, 0.4)
    assert (one["county"], one["township"]) == (
        {"code": "140522", "name": "阳城县"},
        {"id": "140522100", "name": "凤城镇"},
    )
    assert (one["kept_from"], one["member"], one["merged_m2"]) == (0.75, None, 0.0)
    assert (other["township"], other["members"], other["kept_from"]) == (None, [], None)
    assert "access_list" not in one


def test_codes_that_are_new_and_kept() -> None:
    assert document(FULL)["codes"] == {
        "previous": None, "kept": 1, "new": ["ZH2"], "retired": [], "unreadable": [],
    }  # fmt: skip


def test_sums_of_a_plan_as_json() -> None:
    totals = document(FULL)["totals"]
    assert totals["classes"] == {
        "priority": {"count": 1, "area_m2": 4_000.0, "share": 0.4},
        "key": {"count": 0, "area_m2": 0.0, "share": 0.0},
        "general": {"count": 1, "area_m2": 6_000.0, "share": 0.6},
    }
    assert [row["township"] for row in totals["rows"]] == ["凤城镇", ""]
    assert (totals["whole"]["count"], totals["whole"]["area_m2"]) == (2, 10_000.0)
    assert (FULL.identity_error, FULL.incomplete) == (0.0, False)


def test_the_list_of_a_unit_as_json() -> None:
    one, other = document(FULL, [skeleton("ZH1", risk_control=(DOUBTFUL,))])["units"]
    assert one["access_list"]["state"] == "skeleton"
    assert one["access_list"]["spatial-layout"] == []
    assert one["access_list"]["risk-control"] == [
        {
            "rule": "R002", "effect": "restrict", "says": {"zh": "不得建设", "en": "no building"},
            "citation": {"zh": "《某》一", "en": "some, 一"}, "verified": False, "cites": ["water"],
        }
    ]  # fmt: skip
    assert "access_list" not in other


GONE = Unseen(1, "town", Text("开发边界", "town"), Text("没有文件", "no file"), 6_000.0, EAST)
NEVER = Unseen(0, None, Text("敏感区域", "sensitive areas"), Text("没有图层", "no layer"), 10_000.0, LAND)


def test_what_was_not_seen_is_said() -> None:
    one = plan(UNIT, unseen=[GONE])
    assert one.incomplete
    found = document(one)
    assert found["incomplete"] is True
    assert found["not_seen"] == [
        {"layer": "town", "title": {"zh": "开发边界", "en": "town"}, "reason": {"zh": "没有文件", "en": "no file"},
         "area_m2": 6_000.0, "class": "key"},
    ]  # fmt: skip
    assert any("没有文件" in remark["zh"] for remark in found["remarks"])


def test_what_the_scheme_has_no_layer_of_makes_no_plan_incomplete() -> None:
    one = plan(UNIT, unseen=[NEVER])
    assert not one.incomplete
    assert [row["layer"] for row in document(one)["not_seen"]] == [None]


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert document_of(FULL, (), {"b": 1, "a": 2}, 0.0) == document_of(FULL, (), {"b": 1, "a": 2}, 0.0)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ((), ""),
        (((member(), 12_345.0),), "水源 1 个 1.23 公顷"),
        (((member(), 10_000.0), (member(zone="W2"), 5_000.0)), "水源 2 个 1.50 公顷"),
        (((member("town"), 10_000.0), (member(), 5_000.0), (member("town", "T2"), 0.0)),
         "开发边界 2 个 1.00 公顷；水源 1 个 0.50 公顷"),
    ],
)  # fmt: skip
def test_what_a_unit_is_made_of(members: tuple[tuple[MemberZone, float], ...], told: str) -> None:
    one = unit("ZH1", "priority", *members)
    assert made_of(plan(one), one) == told


def test_units_in_degrees_are_still_the_territory() -> None:
    found = lonlat_of(FULL, PLANE)
    assert [shape.geom_type for shape in found] == ["MultiPolygon", "MultiPolygon"]
    assert abs(written_error(FULL, found, PLANE)) < 1e-9
    # The border that they share has the same two numbers on either side.
    one, other = ({tuple(xy) for xy in shapely.get_coordinates(shape).tolist()} for shape in found)
    assert len(one & other) == 2


def test_units_that_are_no_partition_are_not_written() -> None:
    with pytest.raises(ContentError) as caught:
        lonlat_of(plan(UNIT), PLANE)
    assert caught.value.get("zh").startswith("换算到经纬度后单元不再是辖区的完整划分（面积相差 -6.00e-01）")
    assert caught.value.get("en").endswith("(areas differ by -6.00e-01): choose another precision grid")


def tables(one: Plan, stylebook: Stylebook, skeletons: Sequence[UnitSkeleton] = ()) -> dict[str, Table]:
    shapes = np.empty(len(one.units), dtype=object)
    shapes[:] = [shapely.MultiPolygon([shapely.box(112, 35, 112.1, 35.1)]) for _ in one.units]
    return {table.key: table for table in tables_of(one, shapes, PLANE, skeletons, stylebook, "zh")}


def test_the_table_of_the_units(stylebook: Stylebook) -> None:
    found = tables(FULL, stylebook)["units"]
    assert found.fields == (
        "zone_id", "name", "class", "county_code", "member", "area_m2", "area_ha", "share_pct", "merged_m2",
        "kept_from", "made_of",
    )  # fmt: skip
    assert found.rows == (
        ("ZH1", "阳城县ZH1", "PRIORITY", "140522", "", 4_000.0, 0.4, 40.0, 0.0, 0.75,
         "水源 1 个 0.00 公顷；开发边界 1 个 0.00 公顷"),
        ("ZH2", "阳城县ZH2", "GENERAL", "140522", "", 6_000.0, 0.6, 60.0, 0.0, None, ""),
    )  # fmt: skip
    assert set(found.fields) - found.texts == {"area_m2", "area_ha", "share_pct", "merged_m2", "kept_from"}
    assert len(found.geometries or ()) == 2


def test_attributes_of_the_layer_are_filled_as_far_as_they_are_known(stylebook: Stylebook) -> None:
    named = {name: Text(name, name) for name in ("county", "township", "access", "river", "member")}
    units = CATALOGUE["units"].model_copy(update={"attributes": named})
    one = replace(plan(UNIT), catalogue=Catalogue(Path(), {**CATALOGUE.layers, "units": units}, "territory"))
    lists = [skeleton(UNIT.code, spatial_layout=(ENTRY, DOUBTFUL), risk_control=(ENTRY,))]
    found = tables(one, stylebook, lists)["units"]
    told = dict(zip(found.fields, found.rows[0], strict=True))
    assert (told["county"], told["township"], told["river"], told["member"]) == ("阳城县", "凤城镇", "", "")
    assert told["access"] == "（骨架，待补充）规则 R001、R002"
    bare = tables(one, stylebook, [skeleton(UNIT.code)])["units"]
    assert dict(zip(bare.fields, bare.rows[0], strict=True))["access"] == "（骨架，待补充）规则 无"
    without = tables(one, stylebook)["units"]
    assert dict(zip(without.fields, without.rows[0], strict=True))["access"] == ""


def test_the_lineage_has_a_row_for_each_zone_of_a_unit(stylebook: Stylebook) -> None:
    found = tables(FULL, stylebook)["lineage"]
    assert found.rows == (
        ("ZH1", "阳城县ZH1", "water", "水源", "2020", "W1", "下芹", "level-1", 30.0, 0.75),
        ("ZH1", "阳城县ZH1", "town", "开发边界", "2020", "T1", "城", "level-2", 5.0, 0.125),
    )
    assert set(found.fields) - found.texts == {"area_m2", "share_pct"}
    assert found.geometries is None


def test_what_was_not_seen_is_a_table_with_its_land(stylebook: Stylebook) -> None:
    found = tables(plan(UNIT, unseen=[GONE, NEVER]), stylebook)
    assert found["not_seen"].rows == (("town", "开发边界", "没有文件", 6_000.0),)
    (shape,) = found["not_seen"].geometries or ()
    assert shape.geom_type == "MultiPolygon"
    assert "not_seen" not in tables(plan(UNIT, unseen=[NEVER]), stylebook)


def test_remarks_are_a_table(stylebook: Stylebook) -> None:
    one = plan(UNIT, unseen=[GONE])
    found = tables(one, stylebook)["remarks"]
    assert found.rows == tuple((r.kind, r.text.zh, r.text.en) for r in remarks_of(one))
    assert found.rows[0][0] == "warning"
    assert list(tables(FULL, stylebook)) == ["units", "lineage", "remarks"]


def inputs(root: Path, of: Scheme, **values: Any) -> dict[str, Any]:
    """Return the inputs of a plan over the layers `units`, `water` and the territory; `town` is not there."""
    zone = shapely.box(112.4, 35.4, 112.5, 35.5)
    for name in ("units", "water"):
        if not (root / f"layers/data/{name}.gpkg").exists():
            write_zones(root / f"layers/data/{name}.gpkg", [(zone, "区", "PRIORITY" if name == "units" else "LEVEL-1")])
    source = LayerSource(catalogue(root, *(CATALOGUE[name] for name in ("units", "water", "town"))), PLANE)
    plain: dict[str, Any] = {"on": ON, "grid_m": 0.001, "previous": None, "rules": "r", "program": "1"}
    return inputs_of(source, of, "140522", **{**plain, **values})


def test_a_plan_rests_on_the_data_and_definitions_of_its_layers(tmp_path: Path) -> None:
    found = inputs(tmp_path, scheme())
    assert list(found["layers"]) == ["territory", "units", "water", "town"]
    water, town = found["layers"]["water"], found["layers"]["town"]
    assert (water["edition"], len(water["data"]), len(water["definition"])) == ("2020", 64, 64)
    assert (town["edition"], town["data"]) == ("2020", None)
    assert "town" in town["reason"]
    assert list(found["editions"]) == ["2020"]
    assert (found["territory"], found["on"], found["grid_m"], found["rules"]) == ("140522", "2026-06-01", 0.001, "r")


def test_the_layer_that_no_unit_crosses_is_an_input(tmp_path: Path) -> None:
    assert "water" not in inputs(tmp_path, scheme().model_copy(update={"classes": {}}))["layers"]
    split = scheme().model_copy(update={"classes": {}, "split_by": "water"})
    assert list(inputs(tmp_path, split)["layers"]) == ["territory", "water", "units"]


def test_other_data_make_other_inputs(tmp_path: Path) -> None:
    before = inputs(tmp_path, scheme())
    assert inputs(tmp_path, scheme()) == before
    write_zones(tmp_path / "layers/data/water.gpkg", [(shapely.box(112.4, 35.4, 112.6, 35.5), "区", "LEVEL-1")])
    after = inputs(tmp_path, scheme())
    assert after["layers"]["water"]["data"] != before["layers"]["water"]["data"]
    assert inputs(tmp_path, scheme([]))["scheme"] != before["scheme"]


def test_a_file_whose_codes_are_kept_is_an_input(tmp_path: Path) -> None:
    kept = tmp_path / "older.gpkg"
    kept.write_bytes(b"older units")
    digest = hashlib.sha256(b"older units").hexdigest()
    for previous, told in ((None, None), ("2020", None), (str(kept), digest), (str(tmp_path / "gone"), None)):
        found = inputs(tmp_path, scheme(), previous=previous)
        assert (found["previous"], found["previous_sha256"]) == (previous, told)
