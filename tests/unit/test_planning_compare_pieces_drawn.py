"""Two editions of a layer compared as a whole, and the pieces that changed as a GeoPackage."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import audit_layer, territories
from change_world import change
from overlay_world import PLANE, box_m, metres
from zoning.errors import CRSMismatchError
from zoning.layers.reader import Unavailable
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.compare.drawing import pieces_geopackage
from zoning.planning.compare.flows import NO_DATA, NONE
from zoning.planning.compare.layer_change import (
    KINDS,
    Divisions,
    EditionLabel,
    LayerChange,
    LayerGap,
    Piece,
    PieceKind,
    compare_layer,
)
from zoning.texts import Language, Text

Zone = tuple[str, str, BaseGeometry]
CORE, RIM = box_m(100, 100, 200, 200), box_m(300, 100, 400, 200)
BOTH: Sequence[Zone] = (("Z1", "one", CORE), ("Z2", "two", RIM))
COUNTIES = Divisions.of(None, territories().plane)


def edition(*zones: Zone, name: str = "2020", **more: Any) -> PlaneLayer:
    """Return an edition of a layer with the classes one and two."""
    whole = audit_layer("red", BOTH)
    made = audit_layer("red", zones, **more).features
    definition = whole.layer.model_copy(update={"editions": {name: whole.layer.editions["2020"]}})
    return PlaneLayer.of(replace(made, layer=definition, edition_id=name), PLANE)


def compared(a: Any, b: Any, **more: Any) -> LayerChange:
    found = compare_layer(a, b, COUNTIES, **{"tolerance": 1.0, **more})
    assert isinstance(found, LayerChange)
    return found


def told(found: LayerChange) -> list[tuple[str, str, str, str | None, str | None, int]]:
    """Return the pieces, areas rounded to hundreds; edges that are cut elsewhere leave less than the tolerance."""
    return [
        (p.kind, p.before, p.after, p.zone_a, p.zone_b, round(p.amount / 100) * 100)
        for p in found.pieces
        if p.amount >= 1
    ]


BASE = edition(*BOTH)


def test_an_edition_that_is_the_same_differs_nowhere() -> None:
    found = compared(BASE, edition(*BOTH, name="2024"))
    assert (found.differs, found.pieces, found.slivers.count, found.zones.unchanged) == (False, (), 0, 2)
    assert (found.before.edition, found.after.edition, found.before.zones) == ("2020", "2024", 2)


@pytest.mark.parametrize(
    ("after", "pieces"),
    [
        ([BOTH[0]], [("lost", "two", NONE, "Z2", None, 10_000)]),
        ([*BOTH, ("Z3", "one", box_m(500, 100, 600, 200))], [("gained", NONE, "one", None, "Z3", 10_000)]),
        ([BOTH[0], ("Z2", "one", RIM)], [("reclassified", "two", "one", "Z2", "Z2", 10_000)]),
        # By kind, then classes, the largest first.
        ([("Z1", "one", box_m(150, 100, 200, 200)), ("Z2", "two", box_m(300, 100, 480, 200))],
         [("gained", NONE, "two", None, "Z2", 8_000), ("lost", "one", NONE, "Z1", None, 5_000)]),
        ([("Z1", "one", box_m(100, 100, 200, 180)), ("Z4", "one", box_m(500, 100, 530, 200)),
          ("Z5", "one", box_m(600, 100, 690, 200)), BOTH[1]],
         [("gained", NONE, "one", None, "Z5", 9_000), ("gained", NONE, "one", None, "Z4", 3_000),
          ("lost", "one", NONE, "Z1", None, 2_000)]),
    ],
)  # fmt: skip
def test_pieces_that_changed(after: Sequence[Zone], pieces: list[tuple[Any, ...]]) -> None:
    found = compared(BASE, edition(*after))
    assert found.differs
    assert told(found) == pieces


def test_pieces_are_in_degrees() -> None:
    (piece,) = compared(BASE, edition(BOTH[0])).pieces
    west, south, _, _ = piece.geometry.bounds
    assert (112 < west < 113, 35 < south < 36) == (True, True)
    (back,) = PLANE.to_plane([piece.geometry], "EPSG:4490", step_m=85.0)
    assert back.area == pytest.approx(piece.amount, rel=1e-6)


def test_where_one_edition_says_nothing_nobody_knows() -> None:
    half = edition(BOTH[0], coverage=box_m(0, 0, 250, 1000))
    assert told(compared(BASE, half)) == [("unknown_after", "two", NO_DATA, "Z2", None, 10_000)]
    assert told(compared(half, BASE)) == [("unknown_before", NO_DATA, "two", None, "Z2", 10_000)]


@pytest.mark.parametrize(
    ("tolerance", "stated", "count"),
    # A strip of 10 m2: a sliver below the tolerance of the layer, or where it states none, of the workspace.
    [(1.0, None, 0), (9.0, None, 0), (11.0, None, 1), (1.0, 11.0, 1), (11.0, 9.0, 0)],
)
def test_slivers_are_counted_and_stay_among_the_pieces(tolerance: float, stated: float | None, count: int) -> None:
    after = edition(("Z1", "one", box_m(100, 100, 200, 200.1)), BOTH[1])
    after = replace(after, layer=after.layer.model_copy(update={"tolerance": stated}))
    found = compared(BASE, after, tolerance=tolerance)
    assert (found.slivers.count, len(found.pieces)) == (count, 1)
    assert found.slivers.amount == pytest.approx(10.0 * count, rel=5e-3)


def test_ground_is_told_by_territory() -> None:
    across = edition(("Z1", "one", box_m(950, 100, 1150, 200)))
    found = compared(across, edition())
    assert [(c.place, c.before, c.after, round(c.amount, -2)) for c in found.territories.cells] == [
        ("140522", "one", NONE, 5_000), ("140825", "one", NONE, 15_000),
    ]  # fmt: skip
    assert [c.place for c in found.townships.cells] == [""]
    assert found.zone_territories == {"Z1": ("140522", "140825")}
    assert found.places == {"140522": "甲县", "140825": "乙县"}


@pytest.mark.parametrize(
    ("coverage", "covered"),
    [
        (box_m(-100, -100, 2100, 1100), {"140522": (True, True), "140825": (True, True)}),
        (box_m(-100, -100, 1500, 1100), {"140522": (True, True), "140825": (True, False)}),
        (box_m(100, 0, 2100, 1100), {"140522": (True, False), "140825": (True, True)}),
        # Less than a square metre is no gap.
        (box_m(-100, -100, 1999.9995, 1100), {"140522": (True, True), "140825": (True, True)}),
    ],
)
def test_whether_each_edition_speaks_of_a_whole_territory(coverage: BaseGeometry, covered: dict[str, Any]) -> None:
    assert compared(BASE, edition(*BOTH, coverage=coverage)).covered == covered


def test_attributes_stand_by_zone() -> None:
    rows = ({"grade": "1"}, {"grade": "2"})
    found = compared(edition(*BOTH, attributes=rows), edition(*BOTH, ("Z2", "two", box_m(500, 0, 510, 10)),
                                                              attributes=(*rows, {"grade": "3"})))  # fmt: skip
    assert found.attributes_before == {"Z1": ({"grade": "1"},), "Z2": ({"grade": "2"},)}
    assert found.attributes == {"Z1": ({"grade": "1"},), "Z2": ({"grade": "2"}, {"grade": "3"})}


def test_what_zones_cover_twice_is_told() -> None:
    found = compared(BASE, edition(("Z1", "one", CORE), ("Z2", "two", box_m(150, 100, 250, 200))))
    assert found.before.overlap_m2 == 0.0
    assert found.after.overlap_m2 == pytest.approx(5_000.0, rel=3e-3)


def test_lines_are_compared_in_metres() -> None:
    road = shapely.LineString([metres(0, 0), metres(40, 0), metres(100, 0)])
    part = shapely.LineString([metres(0, 0), metres(40, 0)])
    sides = [audit_layer("road", [("L1", "one", shape)]).plane for shape in (road, part)]
    found = compared(*sides)
    assert found.unit == "m"
    assert [(p.kind, p.zone_a, round(p.amount)) for p in found.pieces] == [("lost", None, 60)]
    assert found.townships == found.territories


GONE = Unavailable(BASE.layer, None, Text("没有文件", "no file"))


@pytest.mark.parametrize(
    ("a", "b", "side", "reason"),
    [
        (GONE, BASE, "before", "no file"),
        (BASE, GONE, "after", "no file"),
        (GONE, GONE, "both", "no file"),
        (BASE, replace(BASE, layer=BASE.layer.model_copy(update={"geometry": "line"})), "both",
         "one edition holds lines, the other polygons: they cannot be compared"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said(a: Any, b: Any, side: str, reason: str) -> None:
    found = compare_layer(a, b, COUNTIES, tolerance=1.0)
    assert isinstance(found, LayerGap)
    assert (found.layer, found.title, found.side, found.reason.en) == ("red", BASE.layer.title, side, reason)


def test_editions_in_other_planes_are_not_compared() -> None:
    other = PlaneLayer.of(audit_layer("red", BOTH).features, MeasuringPlane(36.0))
    with pytest.raises(CRSMismatchError):
        compare_layer(BASE, other, COUNTIES, tolerance=1.0)


BOX = shapely.box(112.0, 35.0, 112.1, 35.1)
LABELS: dict[str, Any] = {
    "before": EditionLabel("2020.1", "a.gpkg", "0", 1, 0.0),
    "after": EditionLabel("2024", "b.gpkg", "1", 1, 0.0),
}


def piece(kind: PieceKind, before: str, after: str, amount: float = 12_345.0, shape: BaseGeometry = BOX) -> Piece:
    return Piece(kind, before, after, "Z1", None, amount, shape)


def layer_change(*pieces: Piece, unit: Any = "m2", name: str = "water") -> LayerChange:
    made = change([], pieces=pieces, unit=unit, **LABELS)
    return replace(made, layer=made.layer.model_copy(update={"id": name, "title": Text(f"图{name}", name)}))


def written(
    folder: Path, *changes: LayerChange | LayerGap, language: Language = "zh"
) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the tables of the GeoPackage, without geometry."""
    found = pieces_geopackage({str(n): one for n, one in enumerate(changes)}, language, "2026-06-01")
    assert found is not None
    path = folder / "pieces.gpkg"
    path.write_bytes(found)
    with closing(sqlite3.connect(path)) as database:
        names = [name for (name,) in database.execute("SELECT table_name FROM gpkg_geometry_columns ORDER BY rowid")]
        return {name: [row[2:] for row in database.execute(f'SELECT * FROM "{name}"')] for name in names}  # noqa: S608 - a table of its own


def test_without_pieces_there_is_no_geopackage() -> None:
    gap = LayerGap("red", Text("红线", "red"), "both", Text("无", "none"))
    assert pieces_geopackage({}, "zh", "2026-06-01") is None
    assert pieces_geopackage({"water": layer_change(), "red": gap}, "zh", "2026-06-01") is None


def test_each_layer_has_a_table_named_by_its_editions(tmp_path: Path) -> None:
    water, red = (
        layer_change(piece("gained", NONE, "level-1")),
        layer_change(piece("lost", "level-1", NONE), name="red"),
    )
    found = written(tmp_path, water, layer_change(), red)
    assert list(found) == ["图water 2020_1 - 2024", "图red 2020_1 - 2024"]


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("zh", ("减少", "图层", "不在任何区内", "Z1", None, 12_345.0, 1.2345)),
        ("en", ("lost", "layer", "in no zone", "Z1", None, 12_345.0, 1.2345)),
    ],
)
def test_a_piece_stands_in_words(tmp_path: Path, language: Language, row: tuple[Any, ...]) -> None:
    found = written(tmp_path, layer_change(piece("lost", "level-1", NONE)), language=language)
    assert list(found.values()) == [[row]]


def test_a_piece_of_a_line_has_a_length(tmp_path: Path) -> None:
    road = shapely.LineString([(112.0, 35.0), (112.1, 35.1)])
    found = written(tmp_path, layer_change(piece("lost", "level-1", NONE, 250.0, road), unit="m"))
    assert list(found.values()) == [[("减少", "图层", "不在任何区内", "Z1", None, 250.0)]]


def test_the_same_comparison_gives_the_same_bytes() -> None:
    one = {"water": layer_change(piece("gained", NONE, "level-1"), piece("unknown_after", "level-1", NO_DATA))}
    assert pieces_geopackage(one, "zh", "2026-06-01") == pieces_geopackage(one, "zh", "2026-06-01")


def test_every_kind_of_piece_has_a_name_and_can_be_drawn(tmp_path: Path) -> None:
    pieces = [piece(kind, "level-1", "level-2") for kind in KINDS]
    (rows,) = written(tmp_path, layer_change(*pieces)).values()
    assert [row[0] for row in rows] == [text.zh for text in KINDS.values()]
    with closing(sqlite3.connect(tmp_path / "pieces.gpkg")) as database:
        (style,) = database.execute("SELECT styleQML FROM layer_styles").fetchone()
    assert [text.zh for text in KINDS.values() if text.zh not in style] == []
