"""Footprints and parts that all but fill each other: the overlap is told, and counted once."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
import shapely

from overlay_world import site
from seams import IN_4490, IN_4526, LARGE, Seamed, lost
from zoning.batch.columns import LayerColumns, _layer
from zoning.quality.neighbours import overlaps_of
from zoning.quality.site_quality import drawn

SYSTEMS = pytest.mark.parametrize(
    ("world", "crs"), [(IN_4526, "EPSG:4526"), (IN_4490, "EPSG:4490")], ids=["metres", "degrees"]
)


@SYSTEMS
def test_a_footprint_in_another_is_told(world: Seamed, crs: str) -> None:
    field, whole = lost(world.system(crs), world.lost)
    (pair,) = overlaps_of([site(field, crs), site(whole, crs)]).pairs
    assert pair.kind == "parcels-overlap"
    assert pair.area_m2 == pytest.approx(2_000.0, rel=1e-3)


@SYSTEMS
def test_a_part_in_another_is_told(world: Seamed, crs: str) -> None:
    field, whole = lost(world.system(crs), world.lost)
    parts: Any = shapely.multipolygons([field, *shapely.get_parts(whole)])
    (fault,) = [fault for fault in drawn(site(parts, crs)).faults if fault.kind == "nested-parts"]
    assert fault.amount == pytest.approx(2_000.0, rel=1e-3)


def test_a_batch_counts_a_piece_in_another_once() -> None:
    field, whole = lost(LARGE.plane(), LARGE.lost)
    names = LayerColumns("water", line=False, status="status", classes="classes", amount="amount", nearest="nearest")
    classes = [SimpleNamespace(class_=name, overlap_m2=1.0, length_m=0.0) for name in ("level-1", "level-2")]
    entry = SimpleNamespace(status="affected", classes=classes, nearest_m=0.0)
    hits = [SimpleNamespace(zones=[SimpleNamespace(piece=piece)]) for piece in (whole, field)]
    found = _layer(names, cast("Any", entry), cast("Any", {"water": SimpleNamespace(classes=hits)}))
    assert found["amount"] == pytest.approx(whole.area, abs=1e-3)
