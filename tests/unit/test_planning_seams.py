"""Plans, audits and comparisons where borders all but coincide: nothing is lost, nothing is found."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from overlay_world import PLANE, features
from seams import CRS, LARGE, array, fields, lost
from zoning.layers.catalogue import Catalogue
from zoning.overlay.beside import difference
from zoning.overlay.coverage import Coverage
from zoning.overlay.nearest import Borders
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource
from zoning.planning.audit.overlaps import common_pieces, own_pieces
from zoning.planning.audit.scene import parts_of
from zoning.planning.compare.flows import NONE, flows_of
from zoning.planning.compare.ground import Ground as Disjoint
from zoning.planning.compare.ground import disjoint
from zoning.planning.statistics.entries import _within
from zoning.planning.statistics.ground import HeldLayer, _held
from zoning.planning.units.members import Edition, Territory, read_members
from zoning.planning.units.scheme import Scheme

SCHEME = Scheme.model_validate(
    {
        "id": "units",
        "title": {"zh": "单元", "en": "units"},
        "units": "units",
        "classes": {
            "priority": {"digit": 1, "members": [{"layer": "water"}]},
            "general": {"digit": 3},
        },
    }
)
FIELD, WHOLE = lost(LARGE.plane(), LARGE.lost)


def layer_covering_the_seams() -> PlaneLayer:
    """Return a layer whose coverage, and whose only zone, are all fields together."""
    (rest, *_) = fields(LARGE.rows, LARGE.south)
    layer = PlaneLayer.of(features([(rest, "level-1")], crs=CRS), PLANE)
    return replace(layer, geometries=array(WHOLE), coverage=Coverage(WHOLE, Borders(array(WHOLE))))


def test_the_audit_finds_the_overlap_of_a_field_with_the_zone_that_holds_it() -> None:
    (found,) = own_pieces(array(WHOLE, FIELD))
    assert found[:2] == (0, 1)
    assert found[2].area == pytest.approx(FIELD.area, rel=1e-7)
    ((_, _, piece),) = common_pieces(array(FIELD), array(WHOLE))
    assert piece.area == pytest.approx(FIELD.area, rel=1e-7)


def test_the_audit_finds_no_gap_where_there_is_none() -> None:
    assert sum(part.area for part in parts_of(difference(FIELD, WHOLE))) == pytest.approx(0.0, abs=1e-6)


def test_a_comparison_counts_no_ground_twice() -> None:
    shapes, taken = disjoint(array(WHOLE, FIELD), np.array([0, 1]))
    assert taken == pytest.approx(FIELD.area, rel=1e-7)
    assert shapes[1].area == pytest.approx(0.0, abs=1e-6)


def test_a_comparison_loses_no_ground() -> None:
    before, after = (Disjoint(array(shape), ("level-1",), 0.0) for shape in (FIELD, WHOLE))
    found = flows_of(before, after, None).changed
    assert {(flow.before, flow.after) for flow in found} == {("level-1", "level-1"), (NONE, "level-1")}
    gained = sum(flow.amount for flow in found if flow.before == NONE)
    assert gained == pytest.approx(WHOLE.area - FIELD.area, abs=1e-3)


def test_statistics_miss_no_data_where_the_layer_covers_the_territory() -> None:
    held = _held(layer_covering_the_seams(), FIELD, 1.0)
    assert held is not None
    assert held.uncovered is None


def test_statistics_keep_the_part_that_holds_the_territory() -> None:
    parts = HeldLayer(layer_covering_the_seams(), np.array([0]), array(WHOLE), None, 1.0)
    kept = _within(parts, FIELD)
    assert kept is not None
    assert len(kept.shapes) == 1


def test_units_miss_no_member_where_its_layer_covers_the_territory(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = layer_covering_the_seams()
    catalogue = Catalogue(Path(), {"water": layer.layer}, "territory")
    source = LayerSource(catalogue, PLANE)
    monkeypatch.setattr(LayerSource, "layer", lambda *_, **__: layer)
    land = Territory("140522", "甲县", FIELD, Edition("territory", "2020", "0" * 64))
    members = read_members(source, SCHEME, land, date(2024, 5, 1))
    assert members.unseen == ()
    assert [zone.layer for zone in members.zones] == ["water"]
