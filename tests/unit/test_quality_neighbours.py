"""Footprints of one file that overlap each other: pairs, areas, and what the verdicts are told."""

from dataclasses import replace

import pytest
import shapely

from broken_shapes import EAST, NORTH, PLANE_SHARE, SQUARE, ring, site_of
from zoning.overlay import near_pairs
from zoning.quality.neighbours import overlaps_of, with_overlap_warnings
from zoning.sites.site import Site


def sites(*shapes: shapely.Polygon) -> tuple[Site, ...]:
    return tuple(replace(site_of(shape, name=f"地块{n}"), id=str(n)) for n, shape in enumerate(shapes, 1))


def test_pairs_with_their_areas_largest_first() -> None:
    found = overlaps_of(sites(shapely.box(0, 0, 100, 100), shapely.box(90, 0, 200, 100), shapely.box(0, 95, 100, 200)))
    assert found.counts == {"parcels-overlap": 3}
    assert [(pair.first, pair.second, round(pair.area_m2 / PLANE_SHARE, 2)) for pair in found.pairs] == [
        (0, 1, 1_000.0),
        (0, 2, 500.0),
        (1, 2, 50.0),
    ]
    pair = found.pairs[0]
    assert pair.text.zh == "地块“地块1”（1）与“地块2”（2）重叠 999.60 平方米（占较小者的 10.0%）"
    assert (pair.place.x, pair.place.y) == (EAST + 95, NORTH + 50)
    assert (pair.fault.kind, pair.fault.severity) == ("parcels-overlap", "warning")


def test_the_same_footprint_twice() -> None:
    found = overlaps_of(sites(ring(*SQUARE), ring(*SQUARE[2:], *SQUARE[:2])))
    assert [(pair.kind, pair.text.en) for pair in found.pairs] == [
        ("parcels-identical", "footprints '地块1' (1) and '地块2' (2) are the same")
    ]


def test_two_renderings_of_one_border_are_only_noted() -> None:
    # 100 m long, 2 cm wide at one end: 1 m², but no more than a centimetre wide on average.
    found = overlaps_of(sites(shapely.box(0, 0, 100, 100), ring((99.98, 0), (200, 0), (200, 100), (100, 100))))
    assert [(pair.kind, pair.fault.severity) for pair in found.pairs] == [("parcels-sliver", "note")]


def test_neighbours_that_share_a_border_do_not_overlap() -> None:
    found = overlaps_of(sites(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100), shapely.box(300, 0, 400, 9)))
    assert (found.pairs, found.counts) == ((), {})


def test_broken_footprints_and_lines_are_no_obstacle() -> None:
    bow = ring((0, 0), (100, 100), (100, 0), (0, 100))
    line = replace(site_of(ring(*SQUARE)), geometry=shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)]), width_m=3.0)
    found = overlaps_of((*sites(bow, shapely.box(0, 0, 100, 100)), line))
    # The two loops of the bow-tie lie in the square.
    assert [round(pair.area_m2 / PLANE_SHARE) for pair in found.pairs] == [5_000]


def test_ten_thousand_parcels_in_rows() -> None:
    found = overlaps_of(
        sites(*(shapely.box(x * 10, y * 10, x * 10 + 10, y * 10 + 10) for x in range(100) for y in range(100)))
    )
    assert (found.counts, found.complete) == ({}, True)


def test_where_all_lie_on_all_the_search_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_pairs, "MOST_PAIRS", 50)
    found = overlaps_of(sites(*[ring(*SQUARE)] * 70))
    assert not found.complete
    assert found.counts == {"parcels-identical": 50}


def test_the_verdicts_of_both_are_told() -> None:
    told = with_overlap_warnings(
        sites(shapely.box(0, 0, 100, 100), shapely.box(90, 0, 200, 100), shapely.box(300, 0, 400, 100))
    )
    sentence = "地块“地块1”（1）与“地块2”（2）重叠 999.60 平方米（占较小者的 10.0%）"
    assert [[text.zh for text in site.warnings] for site in told] == [[sentence], [sentence], []]


def test_a_footprint_that_overlaps_very_many_names_five() -> None:
    small = [shapely.box(x * 10, 0, x * 10 + 9, 9) for x in range(9)]
    told = with_overlap_warnings(sites(shapely.box(0, 0, 100, 100), *small))
    assert len(told[0].warnings) == 6
    assert told[0].warnings[-1].zh == "另与 4 个地块重叠"
