"""Advice where borders all but coincide in the frame around a site: land with data is not taken for land without."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
import shapely

from seams import IN_4526, lost
from zoning.advice.obstacles import Forbidden, Obstacles
from zoning.advice.remainder import _left

FIELD, WHOLE = lost(IN_4526.frame(-292.0), IN_4526.lost)


def obstacles() -> Obstacles:
    """Return what hinders in a territory that is one field, with a layer that covers all of them."""
    ground = SimpleNamespace(
        box=FIELD.bounds,
        territories={"140522": FIELD},
        site_accuracy_m=0.0,
        content=SimpleNamespace(catalogue=SimpleNamespace(layers=["water"])),
        covered=lambda _: WHOLE,
    )
    bans = SimpleNamespace(is_complete=lambda _: True, layers=lambda _: {"water"}, of=lambda *_, **__: ())
    return Obstacles(cast("Any", ground), cast("Any", bans))


def test_a_territory_that_a_layer_covers_is_known() -> None:
    found, nowhere = obstacles().unknown()
    box = shapely.box(*FIELD.bounds)
    # What lies between the field and its box is no territory.
    assert sum(one.areas[0].area for one in found) == pytest.approx(box.area - FIELD.area, abs=1e-6)
    assert nowhere == ()


def test_zones_that_fill_a_territory_are_cut_to_it() -> None:
    test = SimpleNamespace(where=SimpleNamespace(layer="water", zones=(), relation="overlaps"), limits=(), here=True)
    made = obstacles()
    layer = SimpleNamespace(layer=SimpleNamespace(id="water", accuracy_m=0.0))
    cast("Any", made.ground).layer = lambda _: SimpleNamespace(layer=layer)
    cast("Any", made.ground).margin_m = 0.0
    made._zones["zones", "water", frozenset({"level-1"}), (), True, "140522"] = WHOLE
    found = made._area(cast("Any", test), frozenset({"level-1"}), "140522", FIELD)
    assert found is not None
    assert found.area == pytest.approx(FIELD.area, rel=1e-9)


def test_nothing_is_left_of_a_site_that_zones_fill() -> None:
    forbidden = Forbidden(WHOLE, (), (), ())
    assert _left(FIELD, forbidden).area == pytest.approx(0.0, abs=1e-6)
    combined = Forbidden(shapely.Polygon(), ((WHOLE, WHOLE),), (), ())
    assert _left(FIELD, combined).area == pytest.approx(0.0, abs=1e-6)
