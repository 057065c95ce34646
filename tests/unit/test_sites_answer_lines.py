"""The lines between the reading worker and its parent: what is written, and that nothing else is taken for it."""

import base64
import io
import json
from typing import Any

import pytest
import shapely

from both_languages import both
from zoning.errors import (
    ContentError,
    CRSError,
    CRSMismatchError,
    SiteError,
    TangledError,
    UsageError,
    ZoningError,
)
from zoning.sites.answer_lines import (
    BrokenAnswerError,
    error_line,
    fault_line,
    memory_line,
    read_answer,
    site_lines,
)
from zoning.sites.site import Repair, Site
from zoning.texts import Text

SQUARE = shapely.box(0, 0, 1, 1)
PLAIN = Site("1", "东区", SQUARE, "EPSG:4490", "范围.geojson")
WKB = base64.b64encode(shapely.to_wkb(SQUARE))


def answer(*lines: bytes) -> tuple[Site, ...]:
    return read_answer(io.BytesIO(b"\n".join(lines) + b"\n"))


def described(**changes: Any) -> bytes:
    return json.dumps({"id": "1", "name": "东区", "crs": "EPSG:4490", "source": "范围.geojson", **changes}).encode()


# --- what is written ---


def test_a_footprint_is_two_lines_of_ascii_behind_the_count() -> None:
    lines = list(site_lines((PLAIN,)))
    assert len(lines) == 3
    assert all(line.isascii() and line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    assert json.loads(lines[0]) == {"sites": 1}
    assert json.loads(lines[1])["name"] == "东区"
    assert "geometry" not in json.loads(lines[1])
    assert shapely.from_wkb(base64.b64decode(lines[2])).equals(SQUARE)


@pytest.mark.parametrize(
    "site",
    [
        PLAIN,
        Site(
            "甲\n乙", "a\tb", SQUARE, "EPSG:4525", "a.zip/范围.shp", width_m=0.1, stated_area_m2=1e-9, stated_points=0
        ),
        Site("1", "", shapely.Point(1.1, 2.2), "EPSG:4490", "x", attributes={"面积": "1", "": ""}, accuracy_m=0.25),
        Site("1", "a", shapely.LineString([(0, 0), (0.1, 0.2)]), "EPSG:4490", "x", crs_decision=Text("甲", "a")),
        Site("1", "a", shapely.MultiPolygon([SQUARE, shapely.box(2, 2, 3, 3)]), "EPSG:4490", "x", encoding="gb18030"),
        Site("1", "a", SQUARE, "EPSG:4490", "x", repairs=(Repair("k", 2, -0.5, Text("甲", "a")),) * 2),
        Site("1", "a", SQUARE, "EPSG:4490", "x", warnings=(Text("甲", "a"), Text("乙", "b")), format="shapefile"),
    ],
)
def test_a_footprint_comes_back_as_it_was(site: Site) -> None:
    assert read_answer(io.BytesIO(b"".join(site_lines((site,))))) == (site,)


def test_footprints_keep_their_order() -> None:
    sites = tuple(Site(f"{n}", "", shapely.box(n, 0, n + 1, 1), "EPSG:4490", "x") for n in range(12))
    assert read_answer(io.BytesIO(b"".join(site_lines(sites)))) == sites


def test_coordinates_come_back_to_the_last_bit() -> None:
    shape = shapely.Polygon([(0.1 + 0.2, 1 / 3), (37_618_082.123456789, 3e-320), (1.0, 2.0)])
    (site,) = read_answer(io.BytesIO(b"".join(site_lines((Site("1", "", shape, "c", "s"),)))))
    assert shapely.get_coordinates(site.geometry).tolist() == shapely.get_coordinates(shape).tolist()


# --- refusals and faults ---


@pytest.mark.parametrize("kind", [UsageError, SiteError, CRSError, CRSMismatchError])
def test_a_refusal_comes_back_in_both_languages(kind: type[ZoningError]) -> None:
    line = error_line(kind("不行：“东区”", "no: “东区”"))
    assert line.isascii()
    assert both(lambda: read_answer(io.BytesIO(line)), kind) == ("不行：“东区”", "no: “东区”")


@pytest.mark.parametrize("kind", [ZoningError, ContentError, TangledError])
def test_other_refusals_are_those_of_a_boundary_file(kind: type[ZoningError]) -> None:
    assert both(lambda: read_answer(io.BytesIO(error_line(kind("甲", "a")))), SiteError) == ("甲", "a")


def test_no_memory_is_told() -> None:
    with pytest.raises(MemoryError):
        read_answer(io.BytesIO(memory_line()))


def test_a_fault_names_its_class() -> None:
    with pytest.raises(RuntimeError, match=r"^KeyError: 'x'$"):
        read_answer(io.BytesIO(fault_line(KeyError("x"))))


def test_a_long_fault_is_cut() -> None:
    told = json.loads(fault_line(OSError("x" * 5_000)))["fault"]
    assert told == "OSError: " + "x" * (1_000 - len("OSError: "))


# --- what no worker writes ---


@pytest.mark.parametrize("count", [0, -1, 1.0, 1.9, True, None, "1", [1], {}])
def test_only_a_whole_number_from_one_on_counts_footprints(count: Any) -> None:
    with pytest.raises(BrokenAnswerError):
        answer(json.dumps({"sites": count}).encode(), described(), WKB)


def test_the_same_answer_with_its_number_is_taken() -> None:
    assert answer(b'{"sites": 1}', described(), WKB) == (PLAIN,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 1),
        ("id", None),
        ("name", ["a"]),
        ("crs", {"zh": "a", "en": "b"}),
        ("width_m", "1"),
        ("width_m", True),
        ("width_m", [1.0]),
        ("stated_points", 1.5),
        ("stated_points", "1"),
        ("accuracy_m", None),
        ("accuracy_m", False),
        ("repairs", {}),
        ("repairs", [["k", 1, 0.0]]),
        ("repairs", [{"kind": "k"}]),
        ("warnings", "text"),
        ("warnings", ["text"]),
        ("warnings", [{"zh": "甲"}]),
        ("warnings", [{"zh": "甲", "en": 1}]),
        ("warnings", [{"zh": "甲", "en": "a", "de": "b"}]),
        ("attributes", [["a", "b"]]),
        ("attributes", {"a": 1}),
        ("attributes", {"a": None}),
        ("conversion", "text"),
        ("crs_decision", ["甲", "a"]),
        ("geometry", "POINT (0 0)"),
        ("colour", "red"),
    ],
)
def test_a_field_of_another_type_is_refused(name: str, value: Any) -> None:
    with pytest.raises(BrokenAnswerError):
        answer(b'{"sites": 1}', described(**{name: value}), WKB)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("width_m", 3, 3.0),
        ("width_m", None, None),
        ("stated_points", 4, 4),
        ("stated_points", None, None),
        ("accuracy_m", 1, 1.0),
        ("conversion", None, None),
        ("conversion", {"zh": "甲", "en": "a"}, Text("甲", "a")),
        ("warnings", [], ()),
        ("attributes", {"面积": "1"}, {"面积": "1"}),
    ],
)
def test_a_field_is_given_its_own_type(name: str, value: Any, found: Any) -> None:
    (site,) = answer(b'{"sites": 1}', described(**{name: value}), WKB)
    assert getattr(site, name) == found
    assert type(getattr(site, name)) is type(found)


@pytest.mark.parametrize("line", [b"", b"!!!!", b"AAAA", WKB[:-8], "面".encode(), b" " + WKB[:20] + b" " + WKB[20:]])
def test_a_geometry_that_is_none_is_refused(line: bytes) -> None:
    with pytest.raises(BrokenAnswerError):
        answer(b'{"sites": 1}', described(), line)


@pytest.mark.parametrize(
    "lines",
    [
        [b'{"sites": 2}', described(), WKB],
        [b'{"sites": 1}', WKB, described()],
        [b'{"sites": 1}', b"null", WKB],
        [b'{"sites": 1}', b'{"id": "1"}', WKB],
        [b'{"other": 1}'],
        [b'"sites"'],
        [b"null"],
        [b"\x80\x04\x95"],
        [b'{"error": "KeyboardInterrupt", "zh": "a", "en": "b"}'],
        [b'{"error": "SiteError", "zh": "a"}'],
        [b'{"error": ["SiteError"], "zh": "a", "en": "b"}'],
    ],
)
def test_an_answer_that_is_cut_or_in_disorder_is_refused(lines: list[bytes]) -> None:
    with pytest.raises(BrokenAnswerError):
        answer(*lines)
