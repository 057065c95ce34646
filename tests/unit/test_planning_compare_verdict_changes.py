"""What makes a verdict another one: decision, areas, findings, citations and clauses; never a distance."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
import shapely

from zoning.check import Examination, Refusal
from zoning.errors import CRSError, SiteError
from zoning.planning.compare.tables import verdict_sheet
from zoning.planning.compare.verdict_changes import TITLES, Change, SiteChange, site_change
from zoning.rules.verdict import CitationEntry, ClassEntry, Finding, LayerEntry, SliverEntry
from zoning.sites.site import Site
from zoning.texts import Text

WORD = Text("某", "some")
SITE = Site("S-1", "地块一", shapely.box(112.4, 35.4, 112.41, 35.41), "EPSG:4490", "sites.geojson")
Row = tuple[str, str | None, str | None, str | None, str | None, str | float | None, str | float | None]


def cited(**values: Any) -> CitationEntry:
    plain: dict[str, Any] = {
        "document": "plan", "title": WORD, "number": "甲政发〔2023〕1号", "issuer": WORD, "section": "第一章",
        "lines": "L1", "anchor": "禁止", "weight": "plan", "verified": True, "in_force_from": date(2023, 1, 1),
    }  # fmt: skip
    return CitationEntry(**{**plain, **values})


def finding(**values: Any) -> Finding:
    plain: dict[str, Any] = {
        "rule": "R042", "title": WORD, "territory": "140522", "scope": "zone", "effect": "prohibit",
        "outcome": "applies", "decision": "prohibited", "possible_effects": (), "blocked": False, "verified": True,
        "layer": "water", "class": "level-1", "overlap_m2": 25.5, "share": 0.1, "distance_m": None,
        "missing_facts": (), "missing_layers": (), "conditions": (), "reasons": (), "citation": cited(), "also": (),
        "superseded_by": None, "overridden_by": None,
    }  # fmt: skip
    return Finding(**{**plain, **values})


def class_entry(class_id: str = "level-1", **values: Any) -> ClassEntry:
    plain: dict[str, Any] = {
        "class": class_id, "title": WORD, "assumed": False, "zones": (), "overlap_m2": 25.5, "share": 0.1,
        "length_m": 0.0, "certainty": "certain", "flips_at_m": None,
    }  # fmt: skip
    return ClassEntry(**{**plain, **values})


def layer_entry(**values: Any) -> LayerEntry:
    plain: dict[str, Any] = {
        "layer": "water", "title": WORD, "group": "protection", "edition": "2020", "status": "affected",
        "reason": None, "accuracy_m": 1.0, "schematic": False, "classes": (class_entry(),), "nearest_m": None,
        "searched_m": 5000.0, "slivers": SliverEntry(count=0, sum_m2=0.0), "uncovered_m2": 0.0, "zone_repairs": (),
    }  # fmt: skip
    return LayerEntry(**{**plain, **values})


def clause(clause_id: str, result: str) -> SimpleNamespace:
    return SimpleNamespace(id=clause_id, result=result)


def unit(code: str | None, *clauses: SimpleNamespace, territory: str = "140522") -> SimpleNamespace:
    return SimpleNamespace(unit=code, territory=territory, clauses=clauses)


def examined(
    *,
    decision: str = "prohibited",
    blocked: bool = False,
    layers: Sequence[LayerEntry] = (),
    findings: Sequence[Finding] = (),
    units: Sequence[SimpleNamespace] = (),
) -> Examination:
    verdict = SimpleNamespace(
        decision=decision, blocked=blocked, layers=tuple(layers), findings=tuple(findings), access_lists=tuple(units)
    )
    nothing = cast("Any", None)
    return Examination(cast("Any", verdict), {}, nothing, {}, {}, nothing)


def refused(error: SiteError | CRSError | None = None) -> Refusal:
    return Refusal(SITE, error or SiteError("不在任何辖区内", "it lies in no territory"))


def rows(a: Examination | Refusal, b: Examination | Refusal) -> list[Row]:
    found = site_change(7, SITE, a, b)
    if found is None:
        return []
    return [(c.what, c.layer, c.class_id, c.rule, c.territory, c.before, c.after) for c in found.changes]


AT = ("water", "level-1", "R042", "140522")
SAID = "applies, prohibit, prohibited"
CITED = "plan 甲政发〔2023〕1号 第一章 L1 禁止 2023-01-01"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"decision": "permitted", "blocked": True},
        {"layers": [layer_entry()], "findings": [finding()], "units": [unit("ZH1", clause("c/1", "violates"))]},
    ],
)
def test_the_same_result_is_no_change(values: dict[str, Any]) -> None:
    assert site_change(1, SITE, examined(**values), examined(**values)) is None


def test_two_refusals_of_the_same_kind_are_no_change() -> None:
    assert site_change(1, SITE, refused(), refused(SiteError("另一句", "another sentence"))) is None


@pytest.mark.parametrize(
    ("a", "b", "before", "after"),
    [
        (examined(), examined(decision="permitted"), "prohibited", "permitted"),
        (examined(), examined(blocked=True), "prohibited", "prohibited, blocked"),
        (examined(decision="restricted", blocked=True), examined(), "restricted, blocked", "prohibited"),
        (refused(), examined(), "refused (SiteError)", "prohibited"),
        (examined(), refused(CRSError("带号", "zone")), "prohibited", "refused (CRSError)"),
        (refused(), refused(CRSError("带号", "zone")), "refused (SiteError)", "refused (CRSError)"),
    ],
)
def test_another_decision_is_a_change(
    a: Examination | Refusal, b: Examination | Refusal, before: str, after: str
) -> None:
    assert rows(a, b) == [("decision", None, None, None, None, before, after)]


def test_a_change_names_its_site_and_both_decisions() -> None:
    found = site_change(7, SITE, refused(), examined(blocked=True))
    assert found is not None
    assert (found.number, found.id, found.name, found.source) == (7, "S-1", "地块一", "sites.geojson")
    # The column of decisions holds the word alone; the change says more.
    assert (found.before, found.after) == ("refused", "prohibited")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        # The status of the layer.
        ({"status": "not_affected", "classes": ()}, {"status": "no_data", "classes": ()},
         [("status", "water", None, None, None, "not_affected", "no_data")]),
        # What the layer does not cover.
        ({}, {"uncovered_m2": 12.0}, [("area", "water", "no_data", None, None, None, 12.0)]),
        ({"uncovered_m2": 12.0}, {"uncovered_m2": 12.5}, [("area", "water", "no_data", None, None, 12.0, 12.5)]),
        ({"uncovered_m2": 12.0}, {}, [("area", "water", "no_data", None, None, 12.0, None)]),
        # The area in a class, to the last bit.
        ({}, {"classes": (class_entry(overlap_m2=25.500000001),)},
         [("area", "water", "level-1", None, None, 25.5, 25.500000001)]),
        # Of lines the length.
        ({"classes": (class_entry(overlap_m2=0.0, length_m=8.0),)},
         {"classes": (class_entry(overlap_m2=0.0, length_m=9.0),)},
         [("area", "water", "level-1", None, None, 8.0, 9.0)]),
        # The certainty.
        ({}, {"classes": (class_entry(certainty="possible"),)},
         [("status", "water", "level-1", None, None, "certain", "possible")]),
        # One class more, and one fewer; without an area the status alone.
        ({"classes": ()}, {},
         [("status", "water", "level-1", None, None, None, "certain"),
          ("area", "water", "level-1", None, None, None, 25.5)]),
        ({"classes": (class_entry(), class_entry("level-2", overlap_m2=0.0))}, {},
         [("status", "water", "level-2", None, None, "certain", None)]),
        # Not compared: distance to the nearest zone, edition, repairs, slivers, accuracy.
        ({}, {"nearest_m": 5.0, "searched_m": 9.0, "edition": "2024", "accuracy_m": 3.0,
              "slivers": SliverEntry(count=2, sum_m2=0.5)}, []),
        # Nor when a class would flip, nor its share and title.
        ({}, {"classes": (class_entry(flips_at_m=3.0, share=0.2, title=Text("别名", "alias")),)}, []),
    ],
)  # fmt: skip
def test_what_differs_in_a_layer(before: dict[str, Any], after: dict[str, Any], found: list[Row]) -> None:
    assert rows(examined(layers=[layer_entry(**before)]), examined(layers=[layer_entry(**after)])) == found


def test_a_layer_that_only_one_side_has() -> None:
    clear = layer_entry(layer="heritage", status="not_affected", classes=())
    assert rows(examined(), examined(layers=[clear])) == [
        ("status", "heritage", None, None, None, None, "not_affected")
    ]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({}, {"outcome": "undetermined", "decision": "undetermined"},
         [("finding", *AT, SAID, "undetermined, prohibit, undetermined")]),
        ({}, {"effect": "restrict", "decision": "restricted"},
         [("finding", *AT, SAID, "applies, restrict, restricted")]),
        ({}, {"decision": None}, [("finding", *AT, SAID, "applies, prohibit, -")]),
        # It no longer applies: finding, citation and area are gone.
        ({}, {"outcome": "does_not_apply"},
         [("finding", *AT, SAID, None), ("citation", *AT, CITED, None), ("area", *AT, 25.5, None)]),
        ({"outcome": "does_not_apply"}, {"outcome": "does_not_apply", "overlap_m2": 99.0}, []),
        ({}, {"overlap_m2": 26.0}, [("area", *AT, 25.5, 26.0)]),
        ({}, {"overlap_m2": None}, [("area", *AT, 25.5, None)]),
        ({"overlap_m2": 0.0}, {"overlap_m2": None}, []),
        # Another rule, territory, layer or class is another finding.
        ({"overlap_m2": None}, {"overlap_m2": None, "rule": "R043"},
         [("finding", *AT, SAID, None),
          ("finding", "water", "level-1", "R043", "140522", None, SAID),
          ("citation", *AT, CITED, None),
          ("citation", "water", "level-1", "R043", "140522", None, CITED)]),
        ({"overlap_m2": None}, {"overlap_m2": None, "territory": "140521"},
         [("finding", "water", "level-1", "R042", "140521", None, SAID),
          ("finding", *AT, SAID, None),
          ("citation", "water", "level-1", "R042", "140521", None, CITED),
          ("citation", *AT, CITED, None)]),
        # Not compared: distances, shares, conditions, titles.
        ({}, {"distance_m": 8.0, "share": 0.5, "title": Text("别名", "alias"), "conditions": (WORD,)}, []),
    ],
)  # fmt: skip
def test_what_differs_in_a_finding(before: dict[str, Any], after: dict[str, Any], found: list[Row]) -> None:
    assert rows(examined(findings=[finding(**before)]), examined(findings=[finding(**after)])) == found


def test_a_finding_of_the_whole_territory_names_no_layer() -> None:
    whole = finding(layer=None, **{"class": None}, overlap_m2=None, scope="baseline", decision=None, effect="require")
    assert rows(examined(), examined(findings=[whole])) == [
        ("finding", None, None, "R042", "140522", None, "applies, require, -"),
        ("citation", None, None, "R042", "140522", None, CITED),
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"document": "law"}, "law 甲政发〔2023〕1号 第一章 L1 禁止 2023-01-01"),
        ({"number": ""}, "plan 第一章 L1 禁止 2023-01-01"),
        ({"section": "第二章"}, "plan 甲政发〔2023〕1号 第二章 L1 禁止 2023-01-01"),
        ({"lines": "", "anchor": ""}, "plan 甲政发〔2023〕1号 第一章 2023-01-01"),
        ({"in_force_from": date(2024, 5, 1)}, "plan 甲政发〔2023〕1号 第一章 L1 禁止 2024-05-01"),
        ({"verified": False}, f"{CITED} unverified"),
    ],
)
def test_another_citation_is_a_change(values: dict[str, Any], told: str) -> None:
    other = finding(citation=cited(**values))
    assert rows(examined(findings=[finding()]), examined(findings=[other])) == [("citation", *AT, CITED, told)]


def test_further_citations_stand_behind_the_first() -> None:
    more = finding(also=(cited(document="law"), cited(document="scheme")))
    ((*_, before, after),) = rows(examined(findings=[finding()]), examined(findings=[more]))
    assert before == CITED
    assert after == "; ".join([CITED, CITED.replace("plan", "law"), CITED.replace("plan", "scheme")])


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([unit("ZH1", clause("c/1", "complies"))], [unit("ZH1", clause("c/1", "violates"))],
         [("clause", "ZH1", None, "c/1", "140522", "complies", "violates")]),
        ([unit("ZH1", clause("c/1", "not_concerned"))], [unit("ZH1", clause("c/1", "to_verify"))],
         [("clause", "ZH1", None, "c/1", "140522", None, "to_verify")]),
        ([unit("ZH1", clause("c/1", "not_concerned"))], [], []),
        ([], [unit(None, clause("c/1", "complies"))], [("clause", None, None, "c/1", "140522", None, "complies")]),
        # The same clause of another unit, and of another territory, is another one.
        ([unit("ZH1", clause("c/1", "complies"))], [unit("ZH2", clause("c/1", "complies"))],
         [("clause", "ZH1", None, "c/1", "140522", "complies", None),
          ("clause", "ZH2", None, "c/1", "140522", None, "complies")]),
        ([unit("ZH1", clause("c/1", "complies"))],
         [unit("ZH1", clause("c/1", "complies")), unit("ZH1", clause("c/1", "complies"), territory="140521")],
         [("clause", "ZH1", None, "c/1", "140521", None, "complies")]),
    ],
)  # fmt: skip
def test_what_differs_in_the_clauses(
    before: Sequence[SimpleNamespace], after: Sequence[SimpleNamespace], found: list[Row]
) -> None:
    assert rows(examined(units=before), examined(units=after)) == found


def test_the_weightiest_change_is_told_first() -> None:
    full = examined(
        decision="restricted",
        layers=[layer_entry(layer="zeta"), layer_entry(layer="alpha")],
        findings=[finding(rule="R048"), finding()],
        units=[unit("ZH1", clause("c/2", "violates"), clause("c/1", "violates"))],
    )
    kinds = [row[0] for row in rows(examined(), full)]
    assert kinds == [
        *["decision"], *["finding"] * 2, *["citation"] * 2, *["clause"] * 2, *["status"] * 4, *["area"] * 4,
    ]  # fmt: skip
    told = rows(examined(), full)
    assert [row[3] for row in told if row[0] == "finding"] == ["R042", "R048"]
    assert [row[3] for row in told if row[0] == "clause"] == ["c/1", "c/2"]
    assert [row[1:3] for row in told if row[0] == "status"] == [
        ("alpha", None), ("alpha", "level-1"), ("zeta", None), ("zeta", "level-1"),
    ]  # fmt: skip


def test_every_kind_of_change_has_a_name() -> None:
    assert [(text.zh, text.en) for text in TITLES.values()] == [
        ("结论", "decision"), ("图层状态", "status of a layer"), ("面积", "area"), ("判定", "finding"),
        ("依据", "citation"), ("清单条款", "clause"),
    ]  # fmt: skip


CHANGED = SiteChange(
    3, "S-3", "地块三", "a.geojson", "permitted", "prohibited",
    (Change("decision", None, None, None, None, "permitted", "prohibited"),
     Change("area", "water", "level-1", "R042", "140522", None, 1234.56789)),
)  # fmt: skip


def test_a_change_as_json_values() -> None:
    assert CHANGED.plain() == {
        "number": 3, "id": "S-3", "name": "地块三", "source": "a.geojson", "before": "permitted",
        "after": "prohibited",
        "changes": [
            {"what": "decision", "layer": None, "class_id": None, "rule": None, "territory": None,
             "before": "permitted", "after": "prohibited"},
            {"what": "area", "layer": "water", "class_id": "level-1", "rule": "R042", "territory": "140522",
             "before": None, "after": 1234.56789},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(("language", "title", "words"), [("zh", "结论变化", ["结论", "面积"]),
                                                         ("en", "changed verdicts", ["decision", "area"])])  # fmt: skip
def test_a_sheet_has_a_row_for_each_thing_that_differs(language: Any, title: str, words: list[str]) -> None:
    sheet = verdict_sheet([CHANGED], language)
    assert (sheet.key, sheet.title.get(language)) == ("verdicts", title)
    head = (3.0, "S-3", "地块三", "permitted", "prohibited")
    assert sheet.rows == (
        (*head, words[0], None, None, None, None, "permitted", "prohibited"),
        (*head, words[1], "water", "level-1", "R042", "140522", None, "1234.5679"),
    )
    assert [len(row) for row in sheet.rows] == [len(sheet.columns)] * 2
    assert verdict_sheet([], language).rows == ()
