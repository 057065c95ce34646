"""Rules in plain language, word for word in both languages; all built-in rules without leftovers of the files."""

from typing import Any

import pytest

from zoning.rules.conditions import expanded, parse_condition, strictly
from zoning.rules.facts import Fact
from zoning.rules.places import Where
from zoning.rules.wording.places import where_text
from zoning.rules.wording.sentences import any_place_text, condition_parts, condition_text
from zoning.rules.wording.statements import statement
from zoning.texts import Text
from zoning.workspace import Workspace


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
