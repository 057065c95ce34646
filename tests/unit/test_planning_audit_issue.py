"""Issues: ids that last, places in degrees, figures as they are written, and what asks for something to be done."""

import re
from typing import Any

import pytest
import shapely
from pydantic import ValidationError
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, layer
from zoning.citations import Citation
from zoning.planning.audit.issue import Finding, Issue, Status, issue_of, shape_of
from zoning.planning.audit.kinds import KINDS, ORDER, SEVERITIES, SHAPE_KINDS, Severity
from zoning.planning.audit.result import counts_of
from zoning.planning.audit.wording import area_text, listed, zone_name
from zoning.texts import Text

TEXT = Text("空隙", "a gap")
LONLAT = shapely.box(112.40, 35.50, 112.41, 35.51)
SQUARE = PLANE.to_plane([LONLAT], "EPSG:4490", step_m=85.0)[0]


def finding(**values: Any) -> Finding:
    return Finding(**{"kind": "gap", "layers": ("units",), "zones": ("U1",), "text": TEXT, **values})


def made(**values: Any) -> Issue:
    return issue_of(finding(**values), PLANE)


def test_an_issue_lies_where_its_piece_lies() -> None:
    issue = made(geometry=SQUARE)
    assert issue.lon == pytest.approx(112.405, abs=0.005)
    assert issue.lat == pytest.approx(35.505, abs=0.005)
    assert shape_of(issue).equals_exact(shapely.from_wkt(issue.shape))
    assert shapely.hausdorff_distance(shape_of(issue).boundary, LONLAT.boundary) < 1e-8


def test_what_has_no_place_has_none() -> None:
    issue = made()
    assert (issue.lon, issue.lat, issue.shape) == (None, None, "")
    assert shape_of(issue).is_empty


@pytest.mark.parametrize("geometry", [SQUARE.centroid, SQUARE.boundary], ids=["point", "line"])
def test_points_and_lines_are_places_as_well(geometry: BaseGeometry) -> None:
    issue = made(geometry=geometry)
    assert issue.lon is not None
    assert shapely.from_wkt(issue.shape).geom_type == geometry.geom_type


def test_an_id_is_an_a_and_ten_signs_and_the_same_every_time() -> None:
    first, again = made(geometry=SQUARE), made(geometry=SQUARE)
    assert re.fullmatch(r"A[0-9a-f]{10}", first.id)
    assert first == again


OTHERS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "kind": {"kind": "overlap"},
    "layers": {"layers": ("units", "red")},
    "zones": {"zones": ("U2",)},
    "territory": {"territory": "140522"},
    "detail": {"detail": "name"},
    "place": {"geometry": shapely.transform(SQUARE, lambda xy: xy + 10.0)},
    "not placed": {"placed": False},
}


def test_what_makes_an_issue_makes_its_id() -> None:
    ids = {name: made(**{"geometry": SQUARE, **values}).id for name, values in OTHERS.items()}
    assert len(set(ids.values())) == len(OTHERS), ids


@pytest.mark.parametrize(
    "values",
    [
        {"text": Text("别的话", "other words")},
        {"severity": "note"},
        {"area_m2": 5.0},
        {"length_m": 5.0},
        {"offset_m": 5.0},
        {"advice": TEXT},
        {"citations": (Citation(document="plan", section="第一章"),)},
        {"geometry": shapely.transform(SQUARE, lambda xy: xy + 1e-4)},
    ],
    ids="+".join,
)
def test_words_and_figures_and_a_tenth_of_a_millimetre_move_no_id(values: dict[str, Any]) -> None:
    assert made(**{"geometry": SQUARE, **values}).id == made(geometry=SQUARE).id


def test_an_id_does_not_depend_on_who_is_named_first() -> None:
    one = made(layers=("red", "town"), zones=("R1", "T1"))
    assert one.id == made(layers=("town", "red"), zones=("T1", "R1")).id
    assert one.layers == ("red", "town")


def test_a_shift_has_no_place_that_makes_it() -> None:
    near, far = (made(geometry=one, placed=False) for one in (SQUARE, shapely.transform(SQUARE, lambda xy: xy + 999.0)))
    assert near.id == far.id
    assert near.lon != far.lon


FIGURES = ("area_m2", "length_m", "offset_m", "dx_m", "dy_m", "confidence_m")


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    ("value", "written"), [(None, None), (1.23456, 1.2346), (0.00004, 0.0), (-0.00004, 0.0), (-2.5, -2.5)]
)
def test_figures_are_written_to_a_tenth_of_a_millimetre(name: str, value: float | None, written: float | None) -> None:
    issue = made(**{name: value})
    assert getattr(issue, name) == written
    assert "-0.0" not in repr(getattr(issue, name))
    assert all(getattr(issue, other) is None for other in FIGURES if other != name)


def test_what_a_check_says_is_handed_on() -> None:
    cited = (Citation(document="plan", section="第一章"),)
    issue = made(advice=Text("退让", "give way"), citations=cited, territory="140522", severity="warning")
    assert (issue.text, issue.advice, issue.citations) == (TEXT, Text("退让", "give way"), cited)
    assert (issue.territory, issue.severity, issue.kind) == ("140522", "warning", "gap")
    assert (issue.status, issue.note, issue.first_seen) == ("new", "", "")


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_severity_of_its_own_a_finding_has_that_of_its_kind(kind: str) -> None:
    issue = made(kind=kind)
    assert issue.severity == KINDS[kind].severity
    assert issue.title == KINDS[kind].title


@pytest.mark.parametrize(
    ("severity", "status", "counts"),
    [
        ("error", "new", True), ("error", "open", True), ("error", "accepted", False), ("error", "fixed", False),
        ("warning", "new", True), ("warning", "open", True), ("warning", "accepted", False),
        ("note", "new", False), ("note", "open", False), ("note", "fixed", False),
    ],
)  # fmt: skip
def test_neither_notes_nor_what_is_accepted_or_fixed_ask_for_anything(
    severity: Severity, status: Status, counts: bool
) -> None:
    assert made(severity=severity).model_copy(update={"status": status}).counts is counts


def test_issues_are_counted_by_status_and_none_is_nought() -> None:
    told: tuple[Status, ...] = ("open", "open", "fixed")
    issues = [made().model_copy(update={"status": status}) for status in told]
    assert counts_of(issues) == {"new": 0, "open": 2, "accepted": 0, "fixed": 1}
    assert list(counts_of([])) == ["new", "open", "accepted", "fixed"]


def test_an_issue_reads_back_from_its_json() -> None:
    issue = made(geometry=SQUARE, area_m2=12.5, advice=Text("退让", "give way"))
    assert Issue.model_validate_json(issue.model_dump_json()) == issue


def test_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="closed_by"):
        Issue.model_validate({**made().model_dump(), "closed_by": "甲"})


def test_every_fault_of_a_shape_is_of_a_kind_that_is_listed() -> None:
    assert set(SHAPE_KINDS.values()) <= set(KINDS)
    assert list(ORDER) == list(KINDS)
    assert sorted(ORDER.values()) == list(range(len(KINDS)))
    assert {kind.severity for kind in KINDS.values()} <= set(SEVERITIES)


@pytest.mark.parametrize(
    ("zone", "name", "zh", "en"),
    [
        ("R1", "析城山", "图层“析城山（R1）”", "layer '析城山 (R1)'"),
        ("R1", "", "图层“R1”", "layer 'R1'"),
        ("R1", "R1", "图层“R1”", "layer 'R1'"),
    ],
)
def test_zones_are_called_by_name_and_id(zone: str, name: str, zh: str, en: str) -> None:
    assert zone_name(layer(), zone, name) == Text(zh, en)


@pytest.mark.parametrize(
    ("area_m2", "zh", "en"),
    [
        (0.004, "0.00 平方米", "0.00 m²"),
        (999.99, "999.99 平方米", "999.99 m²"),
        (1000.0, "0.1000 公顷（1.50 亩）", "0.1000 ha (1.50 mu)"),
        (12_345_678.9, "1,234.5679 公顷（18,518.52 亩）", "1,234.5679 ha (18,518.52 mu)"),
    ],
)
def test_small_areas_are_told_in_square_metres(area_m2: float, zh: str, en: str) -> None:
    assert area_text(area_m2) == Text(zh, en)


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (1, "甲0", "a0"),
        (2, "甲0、甲1", "a0, a1"),
        (3, "甲0、甲1等 3 个", "a0, a1 and 1 more"),
        (9, "甲0、甲1等 9 个", "a0, a1 and 7 more"),
    ],
)
def test_of_many_words_the_first_are_named(count: int, zh: str, en: str) -> None:
    assert listed([Text(f"甲{number}", f"a{number}") for number in range(count)], most=2) == Text(zh, en)


def test_five_are_named_where_nothing_else_is_said() -> None:
    words = [Text(str(number), str(number)) for number in range(6)]
    assert listed(words[:5]).en == "0, 1, 2, 3, 4"
    assert listed(words).en == "0, 1, 2, 3, 4 and 1 more"
