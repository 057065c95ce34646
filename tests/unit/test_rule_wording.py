"""Rules in plain language, word for word in both languages; all built-in rules without leftovers of the files."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import rule_shelf
from zoning.rules.cases import Case
from zoning.rules.conditions import expanded, parse_condition, strictly
from zoning.rules.facts import Fact
from zoning.rules.places import Where
from zoning.rules.wording.card import describe, proviso_text, rule_text, state_text, when_lines
from zoning.rules.wording.cases import given_text
from zoning.rules.wording.places import where_text
from zoning.rules.wording.sentences import any_place_text, condition_parts, condition_text
from zoning.rules.wording.statements import statement
from zoning.rules.wording.territories import read_territories
from zoning.texts import Text
from zoning.workspace import Workspace


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(rule_shelf.build(tmp_path_factory.mktemp("shelf")))


@pytest.fixture(scope="module")
def builtin(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


@pytest.mark.parametrize(
    ("table", "zh", "en"),
    [
        ({"construction": "new"}, "建设性质为新建", "kind of construction is new"),
        (
            {"construction": ["new", "rebuild", "expand"], "discharges": "yes"},
            "建设性质为新建、改建或扩建，并且排放水污染物",
            "kind of construction is new, rebuild or extension, and the project discharges water pollutants",
        ),
        ({"discharges": "no"}, "不排放水污染物", "the project does not discharge water pollutants"),
        ({"licensed": "yes"}, "采伐已依法取得许可", "“logging licensed” is true"),
        ({"licensed": "no"}, "采伐未依法取得许可", "“logging licensed” is not true"),
        # A group, and words that make up a whole group, are called by its title.
        ({"activity": ["industry", "hotel"]}, "活动类别包括工业生产或宾馆住宿", "activity includes industry or hotel"),
        ({"activity": ["cement", "coking"]}, "活动类别包括工业生产", "activity includes industry"),
        # A title that is a list itself stands between quotation marks; brackets in it do not matter.
        (
            {"activity": ["orchard", "loose-coal"]},
            "活动类别包括林果业（果园、苗圃）或“散煤储存、销售或燃用”",
            "activity includes orchards (and nurseries) or “storing, selling or burning loose coal”",
        ),
        (
            {"activity": "loose-coal"},
            "活动类别包括散煤储存、销售或燃用",
            "activity includes storing, selling or burning loose coal",
        ),
        (
            {"freight": {"at_least": "1.5"}},
            "年货运量不低于 1.5 百万吨/年",
            "freight per year is at least 1.5 Mt a year",
        ),
        (
            {"freight": {"above": "0", "below": "limit"}},
            "年货运量超过 0、不足 3.5 百万吨/年",
            "freight per year is more than 0 and less than 3.5 Mt a year",
        ),
        ({"freight": {"at_most": "2"}}, "年货运量不超过 2 百万吨/年", "freight per year is at most 2 Mt a year"),
        # What is denied is denied of every part: no “not” before a bracket.
        ({"not": {"construction": "new"}}, "建设性质不是新建", "kind of construction is not new"),
        (
            {"not": {"construction": ["new", "expand"]}},
            "建设性质不是新建或扩建",
            "kind of construction is none of: new, extension",
        ),
        ({"not": {"discharges": "yes"}}, "不排放水污染物", "the project does not discharge water pollutants"),
        (
            {"not": {"freight": {"at_least": "1", "below": "2"}}},
            "年货运量不足 1 百万吨/年，或者年货运量不低于 2 百万吨/年",
            "freight per year is less than 1 Mt a year, or freight per year is at least 2 Mt a year",
        ),
        (
            {"not": {"any": [{"discharges": "yes"}, {"construction": "new"}]}},
            "不排放水污染物，并且建设性质不是新建",
            "the project does not discharge water pollutants, and kind of construction is not new",
        ),
        ({"not": {"not": {"construction": "new"}}}, "建设性质为新建", "kind of construction is new"),
        # Brackets only where “and” and “or” meet.
        (
            {"construction": "new", "any": [{"discharges": "yes"}, {"licensed": "no"}]},
            "建设性质为新建，并且（排放水污染物，或者采伐未依法取得许可）",
            (
                "kind of construction is new, and (the project discharges water pollutants, or “logging licensed” is "
                "not true)"
            ),
        ),
        (
            {
                "any": [
                    {"construction": "new", "discharges": "yes"},
                    {"any": [{"licensed": "no"}, {"activity": "hotel"}]},
                ]
            },
            "（建设性质为新建，并且排放水污染物），或者采伐未依法取得许可，或者活动类别包括宾馆住宿",
            (
                "(kind of construction is new, and the project discharges water pollutants), or “logging licensed” is "
                "not true, or activity includes hotel"
            ),
        ),
        (
            {"all": [{"construction": "new"}, {"all": [{"discharges": "yes"}, {"licensed": "yes"}]}]},
            "建设性质为新建，并且排放水污染物，并且采伐已依法取得许可",
            "kind of construction is new, and the project discharges water pollutants, and “logging licensed” is true",
        ),
        # Places inside conditions; plain overlaps of which any suffices are named together.
        (
            {"any": [{"overlaps": {"layer": "water"}}, {"overlaps": {"layer": "farmland"}}]},
            "与水源或基本农田重叠",
            "the site overlaps water or farmland",
        ),
        (
            {"not": {"any": [{"overlaps": {"layer": "water"}}, {"overlaps": {"layer": "farmland"}}]}},
            "不与水源或基本农田重叠",
            "the site does not overlap water or farmland",
        ),
        (
            {"any": [{"overlaps": {"layer": "water"}}, {"discharges": "yes"}]},
            "与水源重叠，或者排放水污染物",
            "the site overlaps water, or the project discharges water pollutants",
        ),
    ],
)
def test_conditions_are_read_aloud(shelf: Workspace, table: Any, zh: str, en: str) -> None:
    words = shelf.rulebook.vocabulary
    condition = expanded(parse_condition(table), words)
    assert condition_text(condition, words, shelf.catalogue, {"limit": "3.5"}) == Text(zh, en)


def test_what_softens_a_rule_must_be_true_of_the_whole_project(shelf: Workspace) -> None:
    words = shelf.rulebook.vocabulary
    soft = strictly(parse_condition({"activity": ["coking", "hotel"]}), binds=False)
    hard = strictly(parse_condition({"not": {"activity": ["hotel"]}}), binds=True)
    assert condition_text(soft, words, shelf.catalogue, {}) == Text(
        "活动类别仅限于焦化或宾馆住宿", "activity is only coking or hotel"
    )
    assert condition_text(hard, words, shelf.catalogue, {}) == Text(
        "活动类别并非仅限于宾馆住宿", "activity is not only hotel"
    )


def test_codes_are_read_aloud(shelf: Workspace) -> None:
    code = Fact(
        title=Text("行业代码", "industry code"),
        question=Text("代码是什么？", "which code?"),
        kind="code",
        pattern=r"[A-Z]\d{4}",
        examples=("C2521",),
    )
    words = shelf.rulebook.vocabulary.model_copy(update={"facts": {"code": code}})
    condition = parse_condition({"code": ["B06", "C25"]})
    assert condition_text(condition, words, shelf.catalogue, {}) == Text(
        "行业代码属于B06或C25", "industry code is under B06 or C25"
    )


@pytest.mark.parametrize(
    ("table", "zh", "en"),
    [
        ({"layer": "water", "classes": ["level-1"]}, "与水源（一级区）重叠", "the site overlaps water (level-1)"),
        (
            {"layer": "water", "classes": ["level-1", "level-2"]},
            "与水源（一级区或二级区）重叠",
            "the site overlaps water (level-1 or level-2)",
        ),
        ({"layer": "farmland", "classes": ["field"]}, "与基本农田重叠", "the site overlaps farmland"),
        ({"layer": "rivers"}, "与图层“rivers”重叠", "the site overlaps the layer 'rivers'"),
        (
            {"layer": "water", "zones": ["下芹", "上芹"]},
            "与水源中名为“下芹”或“上芹”的区重叠",
            "the site overlaps zones of water named “下芹” or “上芹”",
        ),
        (
            {"layer": "water", "share": {"above": "30 %"}},
            "与水源的重叠占比超过 30 %",
            "the site overlaps water by more than 30 % of the site",
        ),
        (
            {"layer": "water", "area": {"at_least": "500 m2"}},
            "与水源的重叠面积不低于 500 m²",
            "the site overlaps water by at least 500 m²",
        ),
        (
            {"layer": "water", "area": {"at_least": "500 m2", "below": "2 公顷"}, "length": {"above": "1200 m"}},
            "与水源的重叠面积不低于 500 m²、不足 2 公顷，且重叠长度超过 1.2 km",
            "the site overlaps water by at least 500 m² and less than 2 ha and by more than 1.2 km of length",
        ),
        (
            {"layer": "water", "certainty": "possible"},
            "与水源重叠（在图层精度之内可能重叠的也算）",
            "the site overlaps water (a possible overlap within the accuracy of the layer counts)",
        ),
        (
            {"layer": "water", "relation": "within", "distance": "1 km"},
            "距水源不足 1 km（恰好等于不算）",
            "the site lies less than 1 km from water (exactly 1 km does not count)",
        ),
        (
            {"layer": "water", "relation": "within", "distance": "bank"},
            "距水源不足 300 m（恰好等于不算）",
            "the site lies less than 300 m from water (exactly 300 m does not count)",
        ),
        (
            {"layer": "water", "relation": "within", "distance": {"at_most": "300 m"}},
            "距水源不超过 300 m（恰好等于也算）",
            "the site lies at most 300 m from water (exactly 300 m counts)",
        ),
        (
            {"layer": "water", "relation": "within", "distance": {"at_least": "300 m", "below": "1 km"}},
            "与水源的距离在 300 m 以上（含）、不足 1 km",
            "the site lies at least 300 m and less than 1 km from water",
        ),
        (
            {"layer": "water", "relation": "within", "distance": {"above": "300 m", "at_most": "1 km"}},
            "与水源的距离在 300 m 以上（不含）、1 km 以内（含）",
            "the site lies more than 300 m and at most 1 km from water",
        ),
        ({"layer": "water", "relation": "inside"}, "全部位于水源之内", "the site lies wholly inside water"),
        ({"layer": "water", "relation": "outside"}, "有一部分位于水源之外", "a part of the site lies outside water"),
        ({"layer": "water", "relation": "touches"}, "与水源重叠或相接", "the site overlaps or borders on water"),
    ],
)
def test_places_are_read_aloud(shelf: Workspace, table: Any, zh: str, en: str) -> None:
    assert where_text(Where.model_validate(table), shelf.catalogue, {"bank": "300 m"}) == Text(zh, en)


@pytest.mark.parametrize(
    ("relation", "inner", "zh", "en"),
    [
        ("overlaps", {}, "不与水源重叠", "the site does not overlap water"),
        (
            "overlaps",
            {"share": {"above": "0.3"}},
            "不符合“与水源的重叠占比超过 30 %”",
            "it is not so that the site overlaps water by more than 30 % of the site",
        ),
        (
            "within",
            {"distance": "1 km"},
            "距水源至少 1 km（恰好等于也算）",
            "the site lies at least 1 km from water (exactly 1 km counts)",
        ),
        (
            "within",
            {"distance": {"at_least": "300 m", "below": "1 km"}},
            "与水源的距离不在 300 m 以上（含）、不足 1 km之间",
            "the site does not lie at least 300 m and less than 1 km from water",
        ),
        ("inside", {}, "并非全部位于水源之内", "the site does not lie wholly inside water"),
        ("outside", {}, "没有任何部分位于水源之外", "no part of the site lies outside water"),
        ("touches", {}, "与水源既不重叠也不相接", "the site neither overlaps nor borders on water"),
    ],
)
def test_denied_places_are_read_aloud(shelf: Workspace, relation: str, inner: Any, zh: str, en: str) -> None:
    condition = parse_condition({"not": {relation: {"layer": "water", **inner}}})
    assert condition_text(condition, shelf.rulebook.vocabulary, shelf.catalogue, {}) == Text(zh, en)


def test_a_list_of_places_means_any_of_them(shelf: Workspace) -> None:
    plain = Where(layer="water", classes=("level-1",))
    near = Where(layer="water", relation="within", distance="1 km")
    assert any_place_text((plain, near, Where(layer="farmland")), shelf.catalogue, {}) == Text(
        "与水源（一级区）或基本农田重叠，或者距水源不足 1 km（恰好等于不算）",
        "the site overlaps water (level-1) or farmland, or the site lies less than 1 km from water "
        "(exactly 1 km does not count)",
    )
    assert any_place_text((), shelf.catalogue, {}) is None


def test_the_parts_of_a_condition_can_be_listed(shelf: Workspace) -> None:
    words, layers = shelf.rulebook.vocabulary, shelf.catalogue
    table = {
        "any": [{"construction": "new", "discharges": "yes"}, {"any": [{"licensed": "no"}, {"activity": "hotel"}]}]
    }
    parts = condition_parts(parse_condition(table), words, layers, {})
    assert parts is not None
    assert parts.heading == Text("符合下列任一项", "any of these")
    assert [text.zh for text in parts.texts] == [
        "建设性质为新建，并且排放水污染物",
        "采伐未依法取得许可",
        "活动类别包括宾馆住宿",
    ]
    denied = condition_parts(parse_condition({"not": table["any"][1]}), words, layers, {})
    assert denied is not None
    assert denied.heading == Text("同时符合下列各项", "all of these")
    assert condition_parts(parse_condition({"construction": "new"}), words, layers, {}) is None


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("项目是否排放水污染物？", "排放水污染物", "不排放水污染物"),
        ("项目是否被认定为高排放企业？", "被认定为高排放企业", "未被认定为高排放企业"),
        ("打井是否已经批准？", "打井已经批准", "打井尚未批准"),
        ("占用是否已经有权机关批准？", "占用已经有权机关批准", "占用未经有权机关批准"),
        ("该地块是否为建设用地？", "该地块为建设用地", "该地块不是建设用地"),
        ("项目范围内是否有天然湿地？", "项目范围内有天然湿地", "项目范围内没有天然湿地"),
        ("项目是否环境风险高？", "环境风险高", "并非环境风险高"),
        ("项目是否损坏坝，或占用坝？", "“损坏坝，或占用坝”成立", "“损坏坝，或占用坝”不成立"),
        ("供水吗？", "“某事”成立", "“某事”不成立"),
    ],
)
def test_answers_to_chinese_questions_are_sentences(question: str, yes: str, no: str) -> None:
    fact = Fact(title=Text("某事", "something"), question=Text(question, "is it so?"), kind="yes_no")
    assert (statement(fact, holds=True).zh, statement(fact, holds=False).zh) == (yes, no)


@pytest.mark.parametrize(
    ("title", "question", "yes"),
    [
        ("discharges", "Does the project discharge?", "“discharges” is true"),
        ("consumes coal", "Does the project consume coal?", "the project consumes coal"),
        ("pollutes or harms", "Does the project pollute or harm soil?", "the project pollutes or harms"),
        ("on a list", "Does the project carry coal?", "the project carries coal"),
        ("on a list", "Does the project touch it?", "the project touches it"),
        ("on a list", "Does the project make or use it?", "the project does make or use it"),
        ("on a list", "Does the project lie here or there?", "the project lies here or there"),
    ],
)
def test_answers_to_english_questions_are_sentences(title: str, question: str, yes: str) -> None:
    fact = Fact(title=Text("某事", title), question=Text("是吗？", question), kind="yes_no")
    assert statement(fact, holds=True).en == yes


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


def test_a_long_condition_is_listed_line_by_line(builtin: Workspace) -> None:
    cards = [describe(rule, builtin.rulebook, builtin.catalogue, {}) for rule in builtin.rulebook.rules]
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


def texts_of_all(builtin: Workspace) -> Iterator[tuple[str, Text]]:
    names = read_territories(builtin.root / "rules")
    for rule in builtin.rulebook.rules:
        card = describe(rule, builtin.rulebook, builtin.catalogue, names)
        for text in (card.where, card.when, card.territories, card.dates, *map(proviso_text, card.provisos)):
            if text is not None:
                yield rule.id, text


def test_built_in_rules_leave_nothing_of_their_files_in_the_sentences(builtin: Workspace) -> None:
    words = builtin.rulebook.vocabulary
    ids = {name for name in words.facts if "_" in name} | {name for name in builtin.catalogue.layers if "-" in name}
    ids |= {word for fact in words.facts.values() for word in fact.values if "-" in word}
    seen = 0
    for name, text in texts_of_all(builtin):
        seen += 1
        for sentence in (text.zh, text.en):
            assert not re.search(r"[{}\[\]]|None|Text\(|\s\s|，，|（）|\(\)", sentence), f"{name}: {sentence}"
            assert sentence.count("（") == sentence.count("）"), f"{name}: {sentence}"
            assert sentence.count("(") == sentence.count(")"), f"{name}: {sentence}"
            assert sentence.count("“") == sentence.count("”"), f"{name}: {sentence}"
        assert not ids & set(re.findall(r"[a-z0-9_-]+", text.zh)), f"{name}: {text.zh}"
        assert not re.search(r"[a-z]{3,}", re.sub(r"VOCs|km", "", text.zh)), f"{name}: {text.zh}"
        assert not re.search(r"[，。；、的并或]", text.en), f"{name}: {text.en}"
    assert seen > 3 * len(builtin.rulebook.rules)


def test_all_territories_of_built_in_rules_have_a_name(builtin: Workspace) -> None:
    names = read_territories(builtin.root / "rules")
    used = {code for rule in builtin.rulebook.rules for code in rule.territories}
    used |= {code for document in builtin.rulebook.documents.values() for code in document.territories}
    assert used <= names.keys()
