"""The checks that an audit consists of, made one after the other; what cannot be made is an issue."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import FIRST, WEST_LAND, MadeScene, Zone, audit_layer, scene, territories
from overlay_world import PLANE, box_m
from zoning.errors import LayerError
from zoning.planning.audit.checks import checks_of
from zoning.planning.audit.issue import Finding, Issue, issue_of
from zoning.planning.audit.parts import Parts
from zoning.planning.audit.plan import AuditPlan
from zoning.planning.audit.running import Course, _folded, _ordered, audit, unplanned
from zoning.texts import Text

CITED = {"document": "plan", "section": "第一章", "lines": "L1", "anchor": "某"}
SAYS = {"zh": "红线包含保护区", "en": "the red line contains the reserves"}


def ids(made: MadeScene, *layers: str) -> list[str]:
    return [check.id for check in checks_of(made, layers)]


RESERVE: list[Zone] = [("N1", "one", box_m(100, 100, 200, 200))]
UNITS = audit_layer("units", [("U1", "one", WEST_LAND)], covers=(FIRST,))
RED = audit_layer("red", RESERVE)
RIVERS = audit_layer("rivers", [("L1", "one", shapely.LineString(WEST_LAND.exterior.coords))])
OWN = ("shapes", "attributes", "coverage")


def test_checks_of_every_layer() -> None:
    made = scene(UNITS, RED, RIVERS, partitions=[{"layer": "units"}], may_overlap=["red", "units"])
    assert ids(made) == [
        *(f"{kind}:territory" for kind in (*OWN, "own-overlaps", "own-borders")),
        # A partition may not overlap itself, whatever else is said of the layer.
        *(f"{kind}:units" for kind in (*OWN, "own-overlaps", "own-borders")),
        *(f"{kind}:red" for kind in OWN),
        *(f"{kind}:rivers" for kind in OWN),
        "gaps:units",
    ]


def test_checks_between_layers_are_numbered() -> None:
    pair = {"first": {"layer": "red"}, "second": {"layer": "units"}}
    both = {"first": "red", "second": "units"}
    demand = {"zones": {"layer": "red"}, "within": [{"layer": "units"}], "says": SAYS, "citation": CITED}
    area = {"title": SAYS, "zones": {"layer": "red"}, "stated": [{"area": 1.0, "citation": CITED}]}
    made = scene(
        UNITS,
        RED,
        apart=[{**pair, "advice": SAYS}] * 2,
        inside=[demand],
        codes=[{"layer": "units", "digits": {}}],
        areas=[area],
        neighbours=[both],
        shared_borders=[pair],
    )
    assert ids(made)[-7:] == [
        "apart-1:red+units",
        "apart-2:red+units",
        "inside-1:red",
        "codes:units",
        "area-1:red",
        "neighbours-1:red+units",
        "shift-1:red+units",
    ]
    looked = {check.id: check.layers for check in checks_of(made)}
    assert looked["inside-1:red"] == ("red", "units")
    assert looked["coverage:red"] == ("red", "territory")
    assert looked["coverage:territory"] == ("territory",)


def test_of_one_layer_its_own_checks_and_those_in_relation_to_it() -> None:
    pair = {"first": {"layer": "red"}, "second": {"layer": "units"}, "advice": SAYS}
    made = scene(UNITS, RED, apart=[pair])
    assert ids(made, "red") == [*(f"{kind}:red" for kind in (*OWN, "own-overlaps")), "apart-1:red+units"]
    assert ids(made, "none") == []


def test_what_cannot_be_looked_at_is_an_issue_and_never_silence() -> None:
    pair = {"first": {"layer": "red"}, "second": {"layer": "gone"}, "advice": SAYS}
    found = audit(scene(RED, apart=[pair]), layers=["gone"])
    (issue,) = found.issues
    assert (issue.kind, issue.layers, issue.severity) == ("not-audited", ("gone",), "error")
    assert issue.text.zh == "gone未能审核：没有；因此没有做的检查：red 与 gone 不得重叠"
    assert issue.text.en == "gone was not audited: none; not made for want of it: red and gone must not overlap"
    assert [(done.check.id, done.missing) for done in found.missed] == [("apart-1:red+gone", ("gone",))]


def test_a_check_that_fails_is_an_issue_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise LayerError("坏了", "broken")

    monkeypatch.setattr("zoning.planning.audit.checks.coverage_findings", fails)
    found = audit(scene(UNITS), layers=["units"])
    (lost,) = [one for one in found.issues if one.kind == "not-audited"]
    assert lost.text == Text(
        "未能完成检查“units：覆盖范围”：坏了", "the check 'units: coverage' could not be made: broken"
    )
    assert [done.check.id for done in found.missed] == ["coverage:units"]
    assert len(found.checks) == 4


def test_finished_checks_are_taken_over_where_data_plan_and_program_are_the_same(tmp_path: Path) -> None:
    def run(version: str = "1", **plan: Any) -> tuple[int, int]:
        courses: list[tuple[int, int]] = []
        parts = Parts(tmp_path, resume=True)
        audit(scene(RED, **plan), parts=parts, version=version, tell=lambda course: courses.append(steps(course)))
        return courses[-1]

    def steps(course: Course) -> tuple[int, int]:
        assert course.done <= course.total
        return course.done, course.resumed

    (total, resumed) = run()
    assert resumed == 0
    assert run() == (total, total)
    assert run(version="2") == (total, 0)
    assert run(borders=["rivers"]) == (total, 0)


def issue(kind: str, geometry: BaseGeometry | None = None, **values: Any) -> Issue:
    plain: dict[str, Any] = {"layers": ("units",), "zones": (), "text": Text("甲", "a"), **values}
    place: dict[str, Any] = (
        {} if geometry is None else {"geometry": PLANE.to_plane([geometry], "EPSG:4525", step_m=85.0)[0]}
    )
    return issue_of(Finding(kind, **plain, **place), PLANE)


BORDER = issue("border-mismatch", box_m(0, 0, 1000, 10), layers=("units", "red"))


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        (issue("gap", box_m(0, 2, 1000, 8)), False),
        (issue("overlap", box_m(0, 2, 1000, 8)), False),
        (issue("sliver", box_m(0, 2, 1000, 8)), False),
        (issue("outside-coverage", box_m(0, 2, 1000, 8)), False),
        (issue("lines-overlap", box_m(0, 2, 1000, 8)), True),
        (issue("gap", box_m(0, 2, 1000, 8), layers=("town",)), True),
        (issue("gap", box_m(0, 2, 1000, 8), layers=("units", "town")), True),
        (issue("gap", box_m(0, 0, 1000, 11.0)), False),
        (issue("gap", box_m(0, 0, 1000, 11.3)), True),
        (issue("gap", box_m(0, 500, 1000, 600)), True),
        (issue("gap"), True),
    ],
)
def test_a_gap_that_is_nothing_but_a_border_is_told_once(other: Issue, kept: bool) -> None:
    assert _folded([other, BORDER]) == ([other, BORDER] if kept else [BORDER])


def test_without_differing_borders_nothing_is_left_out() -> None:
    gap = issue("gap", box_m(0, 2, 1000, 8))
    assert _folded([gap]) == [gap]


def test_issues_come_worst_first_each_once() -> None:
    small, large = issue("gap", area_m2=1.0, detail="a"), issue("gap", area_m2=5.0, detail="b")
    note = issue("gap", severity="note", area_m2=99.0, detail="c")
    warning, other = issue("sliver"), issue("gap", layers=("red",), detail="d")
    lost = issue("not-audited")
    found = _ordered([note, small, warning, other, large, lost, small])
    assert found == (lost, other, large, small, warning, note)


def test_a_workspace_without_a_plan_is_told() -> None:
    found = unplanned(MadeScene([territories()], AuditPlan()))
    assert (found.kind, found.layers, found.severity, found.counts) == ("not-audited", (), "error", True)
    assert found.text.zh.startswith("工作空间没有 plans/audit.yaml")
