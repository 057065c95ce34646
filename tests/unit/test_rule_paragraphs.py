"""Whole rules and their cases, read aloud in both languages."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from zoning.rules.cases import Case
from zoning.rules.wording.card import describe, proviso_text, rule_text, state_text, when_lines
from zoning.rules.wording.cases import given_text
from zoning.rules.wording.territories import read_territories
from zoning.texts import Text
from zoning.workspace import Workspace


def test_a_whole_rule_as_a_paragraph(shelf: Workspace) -> None:
    names = read_territories(shelf.root / "rules")
    rule = shelf.rulebook.get("R101")
    assert rule is not None
    card = describe(rule, shelf.rulebook, shelf.catalogue, names, date(2024, 6, 1))
    assert rule_text(card) == Text(
        "地点：距水源不足 200 m（恰好等于不算）。条件：活动类别包括工业生产，并且建设性质为新建或扩建。"
        "效力：限制：先论证。但书：排放水污染物的，改为禁止。但书：活动类别仅限于宾馆住宿的，本条不适用。",
        "Where: the site lies less than 200 m from water (exactly 200 m does not count). "
        "When: activity includes industry, and kind of construction is new or extension. "
        "Effect: restricts: Argue it first. "
        "Proviso: where the project discharges water pollutants: prohibits instead. "
        "Proviso: where activity is only hotel: the rule does not apply.",
    )
    assert (card.territories, card.dates) == (
        Text("甲县（140522）", "county A (140522)"),
        Text("自 2023-01-01 起", "from 2023-01-01"),
    )
    assert [(value.value.zh, value.holds) for value in card.values] == [("200 m", True), ("300 m", False)]


@pytest.mark.parametrize(
    ("on", "metres"),
    [(None, "300 m"), (date(2020, 1, 1), "200 m"), (date(2024, 12, 31), "200 m"), (date(2026, 1, 1), "300 m")],
)
def test_figures_are_those_of_the_day(shelf: Workspace, on: date | None, metres: str) -> None:
    rule = shelf.rulebook.get("R101")
    assert rule is not None
    card = describe(rule, shelf.rulebook, shelf.catalogue, {}, on)
    assert card.where == Text(
        f"距水源不足 {metres}（恰好等于不算）",
        f"the site lies less than {metres} from water (exactly {metres} does not count)",
    )


def test_history_source_and_state(shelf: Workspace) -> None:
    old, new = shelf.rulebook.get("LAW-5"), shelf.rulebook.get("LAW-6")
    assert old is not None
    assert new is not None
    was = describe(old, shelf.rulebook, shelf.catalogue, {})
    is_ = describe(new, shelf.rulebook, shelf.catalogue, {})
    assert [(entry.rule.id, entry.later) for entry in was.history] == [("LAW-6", True)]
    assert [(entry.rule.id, entry.later) for entry in is_.history] == [("LAW-5", False)]
    assert (was.verified, is_.verified) == (True, False)
    assert [citation.text for citation in was.citations] == [
        Text("全国人大常委会 《某法》（法律）第五条", "Standing Committee: Some Law (law), 第五条"),
        Text(
            "全国人大常委会 《某法》（法律）第九条（待核实）",
            "Standing Committee: Some Law (law), 第九条 (not verified)",
        ),
    ]
    assert was.dates == Text("2010-01-01 至 2023-12-31", "2010-01-01 to 2023-12-31")
    assert is_.overrides == (("R101", Text("水源区按本法（第七条）", "water zones follow this law (第七条)")),)
    assert state_text(old, date(2009, 12, 31)).zh == "2009-12-31 尚未生效"
    assert state_text(old, date(2023, 12, 31)).zh == "2023-12-31 有效"
    assert state_text(old, date(2024, 1, 1)) == Text("2024-01-01 已失效", "no longer in force on 2024-01-01")


def test_a_long_condition_is_listed_line_by_line(workspace: Workspace) -> None:
    cards = [describe(rule, workspace.rulebook, workspace.catalogue, {}) for rule in workspace.rulebook.rules]
    listed = [card for card in cards if card.when_parts is not None]
    assert listed
    for card in listed:
        lines = when_lines(card)
        assert lines is not None
        assert card.when_parts is not None
        assert len(lines.zh.splitlines()) == len(card.when_parts.texts) + 1
        assert lines.zh.splitlines()[1].startswith("1. ")


@pytest.mark.parametrize(
    ("layers", "facts", "zh"),
    [
        ({}, {}, "没有已知的事实"),
        ({}, {"discharges": "no", "freight": "1.5"}, "不排放水污染物；年货运量：1.5 百万吨/年"),
        ({}, {"activity": ["coking", "hotel"], "licensed": "unknown"}, "活动类别：焦化、宾馆住宿；采伐已获许可：不详"),
        ({"water": "no data"}, {"construction": "new"}, "水源数据缺失；建设性质：新建"),
        ({"water": {}}, {"construction": "new"}, "不涉及水源；建设性质：新建"),
        ({"water": {"level-1": {"area": "4000 m2"}}}, {}, "与水源（一级区）重叠 4000 m²；没有已知的事实"),
        (
            {"water": {"level-1": {"area": "2 ha", "certainty": "possible", "zone": "下芹"}}},
            {},
            "与水源（一级区）“下芹”重叠 2 公顷（在图层精度之内）；没有已知的事实",
        ),
        ({"water": {"level-1": {"certainty": "possible"}}}, {}, "可能与水源（一级区）重叠；没有已知的事实"),
        ({"water": {"level-1": {"distance": "1500 m"}}}, {}, "距水源（一级区） 1.5 km；没有已知的事实"),
        ({"water": {"level-1": {}}}, {}, "只接触水源（一级区）的边界；没有已知的事实"),
        (
            {"farmland": {"field": {"length": "20 m", "assumed": "true"}}},
            {},
            "与基本农田重叠 20 m（级别未注明）；没有已知的事实",
        ),
        ({"rivers": {"qin": {"area": "1 m2"}}}, {"colour": "red"}, "与rivers（qin）重叠 1 m²；colour：red"),
    ],
)
def test_cases_are_read_aloud(shelf: Workspace, layers: Any, facts: Any, zh: str) -> None:
    case = Case.model_validate(
        {"name": "例", "on": "2024-01-01", "layers": layers, "facts": facts, "expect": "applies"}
    )
    anywhere = shelf.rulebook.rules[0].model_copy(update={"where": (), "scope": "attribute"})
    anywhere.__dict__.pop("places", None)
    assert given_text(case, anywhere, shelf.rulebook.vocabulary, shelf.catalogue).zh == zh


def texts_of_all(workspace: Workspace) -> Iterator[tuple[str, Text]]:
    names = read_territories(workspace.root / "rules")
    for rule in workspace.rulebook.rules:
        card = describe(rule, workspace.rulebook, workspace.catalogue, names)
        for text in (card.where, card.when, card.territories, card.dates, *map(proviso_text, card.provisos)):
            if text is not None:
                yield rule.id, text


def test_built_in_rules_leave_nothing_of_their_files_in_the_sentences(workspace: Workspace) -> None:
    words = workspace.rulebook.vocabulary
    ids = {name for name in words.facts if "_" in name} | {name for name in workspace.catalogue.layers if "-" in name}
    ids |= {word for fact in words.facts.values() for word in fact.values if "-" in word}
    seen = 0
    for name, text in texts_of_all(workspace):
        seen += 1
        for sentence in (text.zh, text.en):
            assert not re.search(r"[{}\[\]]|None|Text\(|\s\s|，，|（）|\(\)", sentence), f"{name}: {sentence}"
            assert sentence.count("（") == sentence.count("）"), f"{name}: {sentence}"
            assert sentence.count("(") == sentence.count(")"), f"{name}: {sentence}"
            assert sentence.count("“") == sentence.count("”"), f"{name}: {sentence}"
        assert not ids & set(re.findall(r"[a-z0-9_-]+", text.zh)), f"{name}: {text.zh}"
        assert not re.search(r"[a-z]{3,}", re.sub(r"VOCs|km", "", text.zh)), f"{name}: {text.zh}"
        assert not re.search(r"[，。；、的并或]", text.en), f"{name}: {text.en}"
    assert seen > 3 * len(workspace.rulebook.rules)


def test_all_territories_of_built_in_rules_have_a_name(workspace: Workspace) -> None:
    names = read_territories(workspace.root / "rules")
    used = {code for rule in workspace.rulebook.rules for code in rule.territories}
    used |= {code for document in workspace.rulebook.documents.values() for code in document.territories}
    assert used <= names.keys()
