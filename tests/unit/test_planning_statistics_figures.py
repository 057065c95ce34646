"""Faces -> figures, and sizes -> rectangles: every sum worked by hand from five faces of a made-up territory."""

from collections.abc import Sequence
from math import fsum, isclose
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import shapely

from zoning.maps.paper.rectangle import Rectangle
from zoning.planning.statistics.faces import ClassKey, Parcelled, _parts
from zoning.planning.statistics.figures import ClassArea, class_areas, combinations, pairs, part_areas
from zoning.planning.statistics.lines import lines_of
from zoning.planning.statistics.squares import squarified

# Face:            0     1     2     3     4
AREAS = np.array([10.0, 20.0, 30.0, 40.0, 50.0])
PART = np.array([0, 0, 1, 1, -1])
CORE = (True, True, False, False, False)
RIM = (False, True, True, False, False)
TOWN = (False, False, True, True, False)
EVERYWHERE = (True,) * 5
CORE_KEY, RIM_KEY, TOWN_KEY = ClassKey("water", "core"), ClassKey("water", "rim"), ClassKey("town", "built")


def held(name: str, classes: Sequence[str], numbers: Sequence[int], tolerance_m2: float = 1.0) -> Any:
    """Return a layer; `numbers` are the classes of its zones."""
    zones = SimpleNamespace(class_order=tuple(classes), class_numbers=np.array(numbers, dtype=np.int64))
    near = np.arange(len(numbers))
    return SimpleNamespace(layer=SimpleNamespace(id=name), zones=zones, near=near, tolerance_m2=tolerance_m2)


def parcelled(
    known: Sequence[Sequence[bool]] = (EVERYWHERE, EVERYWHERE), *, tolerance_m2: float = 1.0, parts: int = 2
) -> Parcelled:
    """Return two layers: water of two classes (three zones), town of one (a zone)."""
    water = held("water", ("core", "rim"), (0, 0, 1), tolerance_m2)
    town = held("town", ("built",), (0,), tolerance_m2)
    # Columns: the parts, then land in none.
    water_zones = np.array([[30.0, 0.0, 0.0], [0.4, 0.0, 0.0], [20.0, 30.0, 0.0]])
    town_zones = np.array([[0.0, 70.0, 0.0]])
    return Parcelled(
        AREAS,
        cast("Any", (water, town)),
        (CORE_KEY, RIM_KEY, TOWN_KEY),
        np.array([CORE, RIM, TOWN]).T & np.array([known[0], known[0], known[1]]).T,
        np.array(known).T,
        PART if parts else np.full(5, -1),
        parts,
        0.0,
        (water_zones, town_zones),
    )


def figure(found: Parcelled, layer: str, class_id: str | None, part: int | None) -> ClassArea:
    (one,) = [one for one in class_areas(found) if (one.layer, one.class_id, one.part) == (layer, class_id, part)]
    return one


def test_parts_and_what_lies_in_none_are_the_territory() -> None:
    assert part_areas(parcelled()) == {None: 150.0, 0: 30.0, 1: 70.0, -1: 50.0}


def test_without_parts_there_is_the_territory_alone() -> None:
    assert part_areas(parcelled(parts=0)) == {None: 150.0}


def test_a_territory_that_its_parts_fill_has_no_rest() -> None:
    full = parcelled()
    filled = Parcelled(
        AREAS[:4], full.layers, full.classes, full.inside[:4], full.known[:4], PART[:4], 2, 0.0, full.zone_areas
    )
    assert part_areas(filled) == {None: 100.0, 0: 30.0, 1: 70.0}


def test_a_part_without_land_is_told_as_nought() -> None:
    full = parcelled()
    more = Parcelled(AREAS, full.layers, full.classes, full.inside, full.known, PART, 3, 0.0, full.zone_areas)
    assert part_areas(more)[2] == 0.0


@pytest.mark.parametrize(
    ("layer", "class_id", "part", "area", "share"),
    [
        ("water", "core", None, 30.0, 30 / 150),
        ("water", "rim", None, 50.0, 50 / 150),
        # Core and rim lie on each other in face 1: their land counts once.
        ("water", None, None, 60.0, 60 / 150),
        ("water", "core", 0, 30.0, 1.0),
        ("water", "rim", 0, 20.0, 20 / 30),
        ("water", None, 0, 30.0, 1.0),
        ("water", "core", 1, 0.0, 0.0),
        ("water", "rim", 1, 30.0, 30 / 70),
        ("water", "rim", -1, 0.0, 0.0),
        ("town", "built", None, 70.0, 70 / 150),
        ("town", "built", 0, 0.0, 0.0),
        ("town", "built", 1, 70.0, 1.0),
    ],
)
def test_areas_and_shares_of_classes(
    layer: str, class_id: str | None, part: int | None, area: float, share: float
) -> None:
    found = figure(parcelled(), layer, class_id, part)
    assert (found.area_m2, found.uncovered_m2) == (area, 0.0)
    assert found.share == pytest.approx(share, rel=1e-15)


def test_a_layer_of_one_class_has_no_row_for_all_of_them() -> None:
    told = [(one.layer, one.class_id, one.part) for one in class_areas(parcelled())]
    assert told[:6] == [
        ("water", "core", None),
        ("water", "rim", None),
        ("water", None, None),
        ("water", "core", 0),
        ("water", "rim", 0),
        ("water", None, 0),
    ]
    assert told[12:] == [("town", "built", part) for part in (None, 0, 1, -1)]


@pytest.mark.parametrize(
    ("class_id", "part", "count"),
    [
        ("core", None, 2),
        ("core", 0, 2),
        ("core", 1, 0),
        ("rim", None, 1),
        ("rim", 1, 1),
        (None, None, 3),
        (None, -1, 0),
    ],
)
def test_zones_are_counted_where_more_than_a_sliver_of_them_lies(
    class_id: str | None, part: int | None, count: int
) -> None:
    # The zone of 0.4 m² is smaller than a sliver of 1 m², and counts where half of it lies.
    assert figure(parcelled(), "water", class_id, part).count == count


@pytest.mark.parametrize(
    ("zone", "counts"),
    [
        ([5.0, 0.9, 0.0], (1, 0, 0)),
        ([5.0, 1.0, 0.0], (1, 1, 0)),
        ([0.4, 0.39, 0.0], (1, 0, 0)),
        ([0.4, 0.4, 0.0], (1, 1, 0)),
        ([0.0, 0.0, 2.0], (0, 0, 1)),
        ([0.0, 0.0, 0.0], (0, 0, 0)),
    ],
)
def test_a_sliver_of_a_zone_is_no_zone_of_the_part(zone: list[float], counts: tuple[int, int, int]) -> None:
    plain = parcelled()
    found = Parcelled(
        AREAS,
        plain.layers,
        plain.classes,
        plain.inside,
        plain.known,
        PART,
        2,
        0.0,
        (plain.zone_areas[0], np.array([zone])),
    )
    assert tuple(figure(found, "town", "built", part).count for part in (0, 1, -1)) == counts


def test_land_without_data_is_no_zero() -> None:
    # Water says nothing of faces 2, 3 and 4: of part 1 and of what lies in no part nothing at all.
    found = parcelled(((True, True, False, False, False), EVERYWHERE))
    for part in (1, -1):
        one = figure(found, "water", "rim", part)
        assert (one.area_m2, one.count, one.share) == (None, None, None)
    whole = figure(found, "water", "rim", None)
    assert (whole.area_m2, whole.share, whole.uncovered_m2) == (20.0, None, 120.0)
    assert figure(found, "water", "rim", 0).share == pytest.approx(20 / 30)
    assert figure(found, "town", "built", 1).area_m2 == 70.0


@pytest.mark.parametrize(("tolerance", "told"), [(9.99, False), (10.0, True), (10.01, True)])
def test_a_share_is_told_where_no_more_than_a_sliver_is_unknown(tolerance: float, told: bool) -> None:
    # Water says nothing of face 0, which has 10 m².
    found = parcelled(((False, True, True, True, True), EVERYWHERE), tolerance_m2=tolerance)
    one = figure(found, "water", "rim", None)
    assert (one.share is not None) is told
    assert one.uncovered_m2 == 10.0


def test_pairs_of_classes_with_the_land_in_both() -> None:
    found = {(one.one, one.other): (one.area_m2, one.one_m2, one.other_m2) for one in pairs(parcelled())}
    assert found == {
        (CORE_KEY, CORE_KEY): (30.0, 30.0, 30.0),
        (CORE_KEY, RIM_KEY): (20.0, 30.0, 50.0),
        (CORE_KEY, TOWN_KEY): (0.0, 30.0, 70.0),
        (RIM_KEY, RIM_KEY): (50.0, 50.0, 50.0),
        (RIM_KEY, TOWN_KEY): (30.0, 50.0, 70.0),
        (TOWN_KEY, TOWN_KEY): (70.0, 70.0, 70.0),
    }


def test_a_class_that_does_not_occur_is_in_no_pair() -> None:
    found = parcelled(((False, False, False, False, False), EVERYWHERE))
    assert [(one.one, one.other) for one in pairs(found)] == [(TOWN_KEY, TOWN_KEY)]


def test_a_pair_says_of_how_much_land_the_other_layer_knows_nothing() -> None:
    # Town says nothing of faces 1 and 2, water nothing of face 3.
    found = parcelled(((True, True, True, False, True), (True, False, False, True, True)))
    unknown = {(one.one, one.other): one.unknown_m2 for one in pairs(found)}
    # Core in face 1 (20); town in face 3 (40).
    assert unknown[CORE_KEY, TOWN_KEY] == 60.0
    assert unknown[RIM_KEY, TOWN_KEY] == 20.0 + 30.0 + 40.0
    assert unknown[CORE_KEY, RIM_KEY] == 0.0


def test_combinations_are_the_territory_the_largest_first() -> None:
    found = combinations(parcelled())
    assert [(one.classes, one.unknown, one.area_m2) for one in found] == [
        ((), (), 50.0),
        ((TOWN_KEY,), (), 40.0),
        ((RIM_KEY, TOWN_KEY), (), 30.0),
        ((CORE_KEY, RIM_KEY), (), 20.0),
        ((CORE_KEY,), (), 10.0),
    ]
    assert fsum(one.area_m2 for one in found) == 150.0


def test_land_of_which_a_layer_says_nothing_is_a_combination_of_its_own() -> None:
    found = combinations(parcelled(((True, True, True, True, False), EVERYWHERE)))
    assert ((), ("water",), 50.0) in [(one.classes, one.unknown, one.area_m2) for one in found]


def test_faces_of_one_combination_are_put_together_and_equal_ones_sorted_by_name() -> None:
    plain = parcelled()
    areas = np.array([10.0, 20.0, 30.0, 30.0, 30.0])
    inside = np.array([CORE, RIM, TOWN]).T[[0, 3, 0, 0, 3]]
    found = combinations(
        Parcelled(areas, plain.layers, plain.classes, inside, plain.known, PART, 2, 0.0, plain.zone_areas)
    )
    assert [(one.classes, one.area_m2) for one in found] == [((CORE_KEY,), 70.0), ((TOWN_KEY,), 50.0)]
    even = combinations(
        Parcelled(np.full(5, 7.0), plain.layers, plain.classes, np.array([CORE, RIM, TOWN]).T[[3, 0, 3, 0, 4]],
                  plain.known, PART, 2, 0.0, plain.zone_areas)
    )  # fmt: skip
    assert [one.classes for one in even] == [(TOWN_KEY,), (CORE_KEY,), ()]


def test_a_column_of_faces_belongs_to_its_class() -> None:
    assert parcelled().column(RIM_KEY).tolist() == list(RIM)


def test_land_in_two_parts_counts_for_the_first() -> None:
    # Faces 0 and 2 lie in part 1, face 2 in part 2 as well, face 1 in none; number 3 is a zone, no part.
    face, member = np.array([0, 0, 2, 2, 2]), np.array([1, 3, 1, 2, 3])
    part, twice = _parts(face, member, np.array([10.0, 20.0, 30.0]), 3)
    assert part.tolist() == [1, -1, 1]
    assert twice == 30.0


def test_without_parts_all_land_lies_in_none() -> None:
    part, twice = _parts(np.array([0, 1]), np.array([0, 0]), np.array([10.0, 20.0]), 0)
    assert (part.tolist(), twice) == ([-1, -1], 0.0)


def test_only_lines_are_left_of_a_cut() -> None:
    line = shapely.LineString([(0, 0), (1, 0)])
    inner = shapely.from_wkt("MULTILINESTRING ((2 0, 5 0), EMPTY)")
    mixed = shapely.GeometryCollection([line, inner, shapely.Point(9, 9), shapely.box(0, 0, 1, 1)])
    found = lines_of(mixed)
    assert (found.geom_type, found.length, len(shapely.get_parts(found))) == ("MultiLineString", 4.0, 2)
    assert lines_of(shapely.Point(0, 0)).is_empty
    assert lines_of(shapely.GeometryCollection()).is_empty


PLACE = Rectangle(10.0, 20.0, 40.0, 40.0)


@pytest.mark.parametrize(
    "sizes",
    [[1.0], [5.0, 5.0], [6, 6, 4, 3, 2, 2, 1], [100, 1, 1, 1], [3, 2.5, 1e-3], [1] * 30],
    ids=["one", "halves", "the paper", "one large", "one tiny", "thirty"],
)
@pytest.mark.parametrize("place", [PLACE, Rectangle(0, 0, 5, 50)], ids=["wide", "high"])
def test_rectangles_fill_the_place_and_are_as_large_as_their_sizes(sizes: list[float], place: Rectangle) -> None:
    found = squarified(sizes, place)
    assert len(found) == len(sizes)
    land = place.width * place.height
    for size, one in zip(sizes, found, strict=True):
        assert isclose(one.width * one.height, size / sum(sizes) * land, rel_tol=1e-9)
        assert place.left - 1e-9 <= one.left <= one.right <= place.right + 1e-9
        assert place.bottom - 1e-9 <= one.bottom <= one.top <= place.top + 1e-9
    shapes = [one.shape for one in found]
    assert shapely.union_all(shapes).area == pytest.approx(land, rel=1e-9)


@pytest.mark.parametrize("sizes", [[], [0.0], [0.0, 0.0]])
def test_nothing_has_no_rectangle(sizes: list[float]) -> None:
    assert squarified(sizes, PLACE) == []


def test_the_example_of_the_paper() -> None:
    # Bruls, Huizing and van Wijk 2000, figure 4: 6, 6, 4, 3, 2, 2, 1 in a rectangle of 6 x 4.
    found = squarified([6, 6, 4, 3, 2, 2, 1], Rectangle(0.0, 0.0, 6.0, 4.0))
    sides = [(round(one.width, 4), round(one.height, 4)) for one in found]
    assert sides[:4] == [(3.0, 2.0), (3.0, 2.0), (1.7143, 2.3333), (1.2857, 2.3333)]
    assert max(max(width / height, height / width) for width, height in sides) < 2.8
