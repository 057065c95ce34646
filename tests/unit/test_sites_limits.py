"""Limits, and what keeps the work on hostile files small."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

import boundary_writers as bw
from zoning.cli.intake import _limits
from zoning.errors import SiteError, TangledError, UsageError
from zoning.sites import Limits
from zoning.sites.drawing import Drawing
from zoning.sites.formats.kinds import Kind
from zoning.sites.formats.neighbours import check_neighbours
from zoning.sites.limits import Options, Tally
from zoning.sites.naming import name_sites
from zoning.sites.raw import RawSite
from zoning.sites.records import raw_site
from zoning.sites.rings import regroup
from zoning.sites.tangles import mended, refuse_hopeless
from zoning.sites.where import Where

WHERE = Where("a.kml")
SQUARE = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)])


@pytest.mark.parametrize("name", ["records", "parts", "rings", "vertices", "fields", "text"])
def test_every_counted_limit_is_allowed_and_one_more_is_not(name: str) -> None:
    tally = Tally(Limits(**{name: 7}))
    tally.count(name, 7, WHERE)
    with pytest.raises(SiteError) as caught:
        tally.count(name, 1, WHERE.at_record(3))
    assert f"--limit {name}=" in caught.value.get("zh")
    assert caught.value.get("en").startswith("a.kml: it holds more than the allowed 7 ")


def test_all_records_of_a_file_count_together() -> None:
    options = Options(limits=Limits(text=10, records=2))
    drawings = [Drawing("polygon", (SQUARE,))]
    raw_site(drawings, WHERE.at_record(1), options, attributes={"ab": "cde"})
    raw_site(drawings, WHERE.at_record(2), options, attributes={"ab": "cde"})
    with pytest.raises(SiteError, match="allowed 2 records"):
        raw_site(drawings, WHERE.at_record(3), options)
    options = Options(limits=Limits(text=10))
    with pytest.raises(SiteError, match="allowed 10 characters"):
        raw_site(drawings, WHERE.at_record(1), options, attributes={"ab": "c" * 9})


def test_limits_of_the_command_line() -> None:
    assert _limits(["vertices=9000000", " seconds = 60 "]) == {"vertices": 9_000_000, "seconds": 60}
    for text in ("vertices", "colour=3", "vertices=0", "vertices=-1", "vertices=1e6", f"vertices={'9' * 5000}"):
        with pytest.raises(UsageError):
            _limits([text])


def test_the_help_names_every_limit() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zoning", "check", "--help", "--lang", "en"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"},
    )
    assert [name for name in Limits.__dataclass_fields__ if name not in done.stdout] == []


def test_a_sentence_keeps_its_end_however_much_it_quotes() -> None:
    text = WHERE.sentence("x" * 5_000 + "；请改正", "x" * 5_000 + "; correct it")
    assert len(text.zh) < 2_000
    assert text.zh.startswith("a.kml：xxx")
    assert text.zh.endswith("；请改正")


def test_one_id_throughout_is_named_in_one_pass() -> None:
    site = RawSite(WHERE, shapely.Polygon(SQUARE), {"DKBH": "K1"})
    names = [named.id for named in name_sites([site] * 30_000, "a")]
    assert names[:3] == ["K1", "K1-2", "K1-3"]
    assert names[-1] == "K1-30000"
    assert len(set(names)) == 30_000


def test_a_counted_id_that_is_taken_is_stepped_over() -> None:
    ids = ["A", "A-3", "A", "A", "A-2", "A"]
    sites = [RawSite(WHERE, shapely.Polygon(SQUARE), {"DKBH": identifier}) for identifier in ids]
    assert [named.id for named in name_sites(sites, "a")] == ["A", "A-3", "A-2", "A-4", "A-2-2", "A-5"]


def test_a_name_as_long_as_a_file_is_cut() -> None:
    site = RawSite(WHERE, shapely.Polygon(SQUARE), {"name": "n" * 100_000, "DKBH": " i" * 100_000})
    (named,) = name_sites([site], "a")
    assert named.name == "n" * 200 + "…"
    assert len(named.id) <= 201


def in_random_order(count: int) -> shapely.Polygon:
    return shapely.Polygon(np.random.default_rng(1).random((count, 2)))


@pytest.mark.parametrize("count", [700, 5_000, 300_000])
def test_a_ring_in_random_order_is_refused_before_it_is_taken_apart(count: int) -> None:
    with pytest.raises(TangledError, match="more than 20000 times"):
        mended(in_random_order(count), 20_000)


def test_a_large_ring_in_random_order_is_refused_at_once() -> None:
    refuse_hopeless(in_random_order(700), 20_000)
    with pytest.raises(TangledError):
        refuse_hopeless(in_random_order(50_000), 20_000)


def test_few_crossings_are_mended_and_many_vertices_are_none() -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert mended(bow_tie, 20_000).area == pytest.approx(2.0)
    angle = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    assert mended(shapely.Polygon(circle), 1) is not None
    circle[[10, 20]] = circle[[20, 10]]
    assert mended(shapely.Polygon(circle), 20_000).area == pytest.approx(np.pi, rel=1e-6)


def test_edges_in_one_line_do_not_meet() -> None:
    panels = [
        shapely.box(20 * column, 20 * row, 20 * column + 10, 20 * row + 10) for row in range(80) for column in range(80)
    ]
    refuse_hopeless(shapely.MultiPolygon(panels), 20_000)
    steps = [point for n in range(20_000) for point in ((n, n % 2), (n + 1, n % 2))]
    refuse_hopeless(shapely.Polygon([*steps, (20_000, -5), (0, -5)]), 20_000)


def test_crossings_are_counted_exactly() -> None:
    # A comb of n teeth that one long edge crosses twice each.
    teeth = [point for n in range(50) for point in ((n, 0.0), (n + 0.5, 2.0))]
    comb = shapely.Polygon([*teeth, (50.0, 0.0), (60.0, 1.0), (-10.0, 1.0), (-10.0, -1.0), (-1.0, -1.0)])
    assert not comb.is_valid
    mended(comb, 110)
    with pytest.raises(TangledError):
        mended(comb, 90)


def test_rings_in_each_other_end_somewhere() -> None:
    rings = [SQUARE * (n + 1) - n / 2 for n in range(640)]
    with pytest.raises(TangledError, match="in each other"):
        regroup(rings)
    assert len(regroup(rings[:20]).polygons) == 10


def test_parts_beside_a_file_count_with_it(tmp_path: Path) -> None:
    path = bw.write(tmp_path / "a.shp", b"x" * 60)
    bw.write(tmp_path / "A.DBF", b"x" * 60)
    bw.write(tmp_path / "b.dbf", b"x" * 60)
    check_neighbours(path, Kind.SHAPEFILE, Limits(file_bytes=120))
    with pytest.raises(SiteError, match="with the files of the same name"):
        check_neighbours(path, Kind.SHAPEFILE, Limits(file_bytes=119))
    check_neighbours(path, Kind.KML, Limits(file_bytes=1))
