"""What `plans/audit.yaml` may say, and what of it does not fit the layers and documents of a workspace."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from audit_scene import FIRST, WEST_LAND, Zone, audit_layer, scene
from overlay_world import box_m, layer
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.planning.audit.checks import checks_of
from zoning.planning.audit.plan import AuditPlan, Parameters, read_plan
from zoning.planning.audit.running import audit
from zoning.texts import Text

SAYS = {"zh": "退让", "en": "give way"}
WATER = layer("water").model_copy(update={"attributes": {"grade": Text("等级", "grade")}})
CATALOGUE = Catalogue(Path(), {"water": WATER}, "territory")
DOCUMENTS = {"plan"}


def cited(document: str = "plan") -> dict[str, str]:
    return {"document": document, "section": "第一章"}


def plan(**values: Any) -> AuditPlan:
    return AuditPlan.model_validate(values)


def pair(first: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"first": first, "second": {"layer": "gone", "classes": ["any"]}, "advice": SAYS, **values}


def english(told: AuditPlan) -> list[str]:
    return [text.en for text in told.mistakes(CATALOGUE, DOCUMENTS)]


NO_CLASS = "plans/audit.yaml: layer water has no class 'level-9'"
NO_FIELD = "plans/audit.yaml: layer water has no attribute 'note'"
NO_DOCUMENT = "plans/audit.yaml: documents.yaml has no document 'law'"
BAD: dict[str, Any] = {"layer": "water", "classes": ["level-1", "level-9"], "where": {"grade": "1", "note": ""}}
AREA = {"title": SAYS, "stated": [{"area": 1.0, "citation": cited()}]}


@pytest.mark.parametrize(
    "values",
    [
        {"apart": [pair(BAD)]},
        {"apart": [{**pair({"layer": "gone"}), "second": BAD}]},
        {"inside": [{"zones": BAD, "within": [{"layer": "gone"}], "says": SAYS, "citation": cited()}]},
        {"inside": [{"zones": {"layer": "gone"}, "within": [BAD], "says": SAYS, "citation": cited()}]},
        {"areas": [{**AREA, "zones": BAD}]},
        {"shared_borders": [{"first": BAD, "second": {"layer": "gone"}}]},
        {"shared_borders": [{"first": {"layer": "gone"}, "second": BAD}]},
        # The same mistake is told once.
        {"apart": [pair(BAD), pair(BAD)]},
    ],
)
def test_classes_and_attributes_that_a_layer_does_not_have(values: dict[str, Any]) -> None:
    assert english(plan(**values)) == [NO_CLASS, NO_FIELD]


def test_the_sentences_in_chinese() -> None:
    told = plan(apart=[pair(BAD, citations=[cited("law")])])
    assert [text.zh for text in told.mistakes(CATALOGUE, DOCUMENTS)] == [
        "plans/audit.yaml：图层 water 没有类“level-9”",
        "plans/audit.yaml：图层 water 没有属性“note”",
        "plans/audit.yaml：documents.yaml 中没有文件“law”",
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"apart": [pair({"layer": "water"}, citations=[cited(), cited("law")])]},
        {"inside": [{"zones": {"layer": "water"}, "within": [], "says": SAYS, "citation": cited("law")}]},
        {"partitions": [{"layer": "water"}, {"layer": "water", "citation": cited("law")}]},
        {"areas": [{**AREA, "zones": {"layer": "water"}, "stated": [{"area": 1.0, "citation": cited("law")}]}]},
    ],
)
def test_documents_that_nobody_has(values: dict[str, Any]) -> None:
    assert english(plan(**values)) == [NO_DOCUMENT]


def test_fields_that_are_demanded_are_those_of_the_layer_and_its_name() -> None:
    assert english(plan(attributes={"water": ["name", "grade"], "gone": ["x"]})) == []
    assert english(plan(attributes={"water": ["note"]})) == [NO_FIELD]


def test_a_layer_that_is_not_there_is_no_mistake() -> None:
    assert english(plan(apart=[pair({"layer": "gone", "where": {"x": "y"}})])) == []


def test_a_plan_that_says_nothing_demands_nothing() -> None:
    empty = plan()
    assert (list(empty.selectors()), list(empty.citations()), english(empty)) == ([], [], [])


def test_a_name_that_is_no_expression_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        plan(apart=[pair({"layer": "water", "names": "析城(山"})])
    assert "'析城(山' is no regular expression: missing ), unterminated subpattern" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("area_share", 0.0, False), ("area_share", 1.0, False), ("area_share", 0.5, True),
        ("least_area", "2 m2", True), ("least_area", "2 m", False),
        ("border_reach", "50 m", True), ("border_reach", "-1 m", False), ("reach", "1 m", False),
    ],
)  # fmt: skip
def test_parameters(name: str, value: object, allowed: bool) -> None:
    if allowed:
        assert Parameters.model_validate({name: value}) != Parameters()
        return
    with pytest.raises(ValidationError):
        Parameters.model_validate({name: value})


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_share_of_one_area_lies_between_nought_and_one(share: float) -> None:
    with pytest.raises(ValidationError):
        plan(areas=[{**AREA, "zones": {"layer": "water"}, "share": share}])


def test_a_plan_is_read_from_its_file_and_mistakes_have_lines(tmp_path: Path) -> None:
    path = tmp_path / "audit.yaml"
    path.write_text("title: {zh: 审核, en: audit}\nparameters: {least_area: 5 m2}\n", encoding="utf-8")
    found = read_plan(path)
    assert (found.id, found.title, found.parameters.least_area) == ("audit", Text("审核", "audit"), 5.0)
    path.write_text("title: {zh: 审核, en: audit}\nparameter: {}\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_plan(path)
    assert "audit.yaml:2" in caught.value.get("en")


TWICE: list[Zone] = [
    ("U1", "one", box_m(0, 0, 600, 1000)),
    ("U2", "one", box_m(500, 0, 900, 1000)),
    ("U3", "one", box_m(3500, 0, 3600, 100)),
    ("U3", "one", box_m(3700, 0, 3800, 100)),
]


@pytest.mark.parametrize(
    ("wanted", "kinds"), [((), ["gap", "overlap", "duplicate-id"]), ((FIRST,), ["gap", "overlap"])]
)
def test_all_checks_of_a_layer_together(wanted: tuple[str, ...], kinds: list[str]) -> None:
    # A gap of a hundred metres in the east, an overlap of as much in the middle, an id given twice far away.
    units = audit_layer("units", TWICE, covers=(FIRST,))
    made = scene(units, wanted=wanted, partitions=[{"layer": "units", "citation": cited()}])
    found = audit(made, layers=["units"])
    assert [issue.kind for issue in found.issues] == kinds
    assert [one.document for one in found.issues[0].citations] == ["plan"]
    assert found.missed == ()
    assert found.editions == {"territory": "2020", "units": "2020"}


def test_a_demand_is_checked_with_the_zones_of_the_scene() -> None:
    red = audit_layer("red", [("R1", "one", WEST_LAND)])
    town = audit_layer("town", [("T1", "one", box_m(0, 0, 10, 10))])
    made = scene(red, town, apart=[{"first": {"layer": "red"}, "second": {"layer": "town"}, "advice": SAYS}])
    (check,) = [one for one in checks_of(made) if one.id.startswith("apart")]
    assert [finding.zones for finding in check.run(made)] == [("R1", "T1")]
