"""Which mode is recommended, and in which words: never one that the law forbids or that nobody checked."""

from typing import Any

import pytest

from suitability_world import content_in
from zoning.mines.modes_law import Question, Reason, Ruling
from zoning.mines.suitability.content import Suitability
from zoning.mines.suitability.membership import Interval
from zoning.mines.suitability.recommend import Recommendation, allowed_modes, recommend
from zoning.mines.suitability.scoring import LimitState, Part, Score
from zoning.mines.suitability.wording import decision_text, mode_title, open_texts, reason_text, score_text
from zoning.texts import Text

FARM = """\
  farm:
    title: {zh: 宜垦, en: farmland}
    group: target
    says: {zh: 试, en: trial}
    uses:
      height: {weight: 1, membership: {linear: {zero: 100, one: 0}}, source: {zh: 团队取值, en: team's choice}}
  natural:
"""
MODES = ("forest", "grass", "farm")
ASKED = Question("supply", Text("供水吗？", "is it for water?"), ("R1",))


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Suitability:
    """Return three targets (forest, grass, farm) and one way (natural)."""
    return content_in(tmp_path_factory.mktemp("content"), {"  natural:\n": FARM})


def scored(mode: str, low: float, high: float | None = None, limit: LimitState = "none") -> Score:
    interval = Interval(low, low if high is None else high)
    part = Part("height", 1.0, interval, {}, limit, Interval(0.0, 0.0))
    return Score(mode, interval, interval, (part,), ())


def ruled(decision: Any, **more: Any) -> Ruling:
    return Ruling("check", decision, **more)


def advised(content: Suitability, scores: list[Score], **decisions: Any) -> Recommendation:
    rulings = {mode: ruled(decision) for mode, decision in decisions.items()}
    return recommend(content, "target", {one.mode: one for one in scores}, rulings)


BEST_IS_FOREST = [scored("grass", 0.5), scored("forest", 0.8), scored("farm", 0.3)]


def test_the_best_one_that_is_permitted_is_recommended(content: Suitability) -> None:
    found = advised(content, BEST_IS_FOREST, forest="permitted", grass="permitted", farm="permitted")
    assert found == Recommendation(
        "target",
        "forest",
        BEST_IS_FOREST[1],
        ruled("permitted"),
        ("forest", "grass", "farm"),
        (),
        "forest",
        is_clear=True,
    )


@pytest.mark.parametrize(
    ("decisions", "mode", "forbidden", "settled"),
    [
        ({"forest": "prohibited", "grass": "permitted", "farm": "permitted"}, "grass", ("forest",), "grass"),
        ({"forest": "restricted", "grass": "permitted", "farm": "permitted"}, "forest", (), "forest"),
        # Open: recommended under its questions, and the best that is settled beside it.
        ({"forest": "undetermined", "grass": "permitted", "farm": "permitted"}, "forest", (), "grass"),
        ({"forest": "undetermined", "grass": "undetermined", "farm": "restricted"}, "forest", (), "farm"),
        ({"forest": "undetermined", "grass": "prohibited", "farm": "undetermined"}, "forest", ("grass",), None),
        # Not checked is never recommended, and not said to be forbidden.
        ({"forest": None, "grass": "permitted", "farm": "permitted"}, "grass", (), "grass"),
        ({"grass": "permitted", "farm": "permitted"}, "grass", (), "grass"),
        ({}, None, (), None),
        ({"forest": "prohibited", "grass": "prohibited", "farm": "prohibited"}, None, MODES, None),
    ],
)
def test_the_law_decides_before_the_score(
    content: Suitability, decisions: dict[str, Any], mode: str | None, forbidden: tuple[str, ...], settled: str | None
) -> None:
    found = advised(content, BEST_IS_FOREST, **decisions)
    assert (found.mode, found.forbidden, found.settled) == (mode, forbidden, settled)
    assert found.order == ("forest", "grass", "farm")
    assert (found.score is None, found.ruling is None) == (mode is None, mode is None)


def test_what_a_limit_knocks_out_is_not_in_the_order(content: Suitability) -> None:
    scores = [scored("forest", 0.9, limit="failed"), scored("grass", 0.5), scored("farm", 0.3, limit="open")]
    found = advised(content, scores, forest="permitted", grass="permitted", farm="permitted")
    assert (found.mode, found.order) == ("grass", ("grass", "farm"))


@pytest.mark.parametrize(
    ("best", "second", "is_clear"),
    [((0.6, 0.9), (0.2, 0.5), True), ((0.6, 0.9), (0.2, 0.6), True), ((0.6, 0.9), (0.2, 0.61), False)],
)
def test_it_is_clear_when_no_other_one_can_be_better(
    content: Suitability, best: tuple[float, float], second: tuple[float, float], is_clear: bool
) -> None:
    scores = [scored("forest", *best), scored("grass", *second), scored("farm", 0.0)]
    assert advised(content, scores, forest="permitted", grass="permitted", farm="permitted").is_clear is is_clear
    # A mode that is forbidden takes nothing away from it.
    assert advised(content, scores, forest="permitted", grass="prohibited", farm="permitted").is_clear


def test_nothing_recommended_is_never_clear(content: Suitability) -> None:
    assert not advised(content, BEST_IS_FOREST, forest="prohibited").is_clear


def test_only_modes_of_the_group_are_looked_at(content: Suitability) -> None:
    scores = {one.mode: one for one in [*BEST_IS_FOREST, scored("natural", 1.0)]}
    rulings = {mode: ruled("permitted") for mode in (*MODES, "natural")}
    assert recommend(content, "way", scores, rulings).order == ("natural",)
    assert "natural" not in recommend(content, "target", scores, rulings).order


def test_modes_are_allowed_unless_forbidden_or_not_checked(content: Suitability) -> None:
    rulings = {"forest": ruled("prohibited"), "grass": ruled("undetermined"), "natural": ruled("permitted")}
    assert allowed_modes(content, "target", rulings) == ["grass"]
    assert allowed_modes(content, "target", rulings | {"farm": ruled(None)}) == ["grass"]
    assert allowed_modes(content, "way", rulings) == ["natural"]


@pytest.mark.parametrize(
    ("decision", "asks"), [("undetermined", True), (None, True), ("permitted", False), ("restricted", False)]
)
def test_questions_are_asked_of_what_is_open(content: Suitability, decision: Any, asks: bool) -> None:
    ruling = ruled(decision, questions=(ASKED,))
    found = Recommendation("target", "forest", None, ruling, (), (), None, is_clear=False)
    assert found.questions == ((ASKED,) if asks else ())
    assert Recommendation("target", None, None, None, (), (), None, is_clear=False).questions == ()
    assert [text.zh for text in open_texts(found, content)] == (["供水吗？（supply）"] if asks else [])


def reason(**told: Any) -> Reason:
    stated: dict[str, Any] = {
        "rule": "R7", "title": Text("禁止开垦", "no tilling"), "decision": "undetermined",
        "citation": Text("某法第三条", "some law, article 3"), "layer": None, "class_id": None, "overlap_m2": None,
        "conditions": (), "missing_facts": (), "missing_layers": (), "verified": True, "blocked": False,
    }  # fmt: skip
    return Reason(**(stated | told))


def test_a_rule_is_told_with_its_place_and_the_area_on_which_it_holds() -> None:
    assert reason_text(reason()) == Text("禁止开垦（R7，某法第三条）", "no tilling (R7, some law, article 3)")
    found = reason_text(reason(overlap_m2=20_000.0))
    assert found.zh.startswith("禁止开垦（R7，某法第三条，")
    assert found.en.startswith("no tilling (R7, some law, article 3, ")
    assert ("公顷" in found.zh, "ha" in found.en) == (True, True)


def test_all_that_has_to_be_known_first_is_listed(content: Suitability) -> None:
    waiting = [
        reason(title=Text("甲", "a")),  # an article that is not verified: people decide
        reason(title=Text("乙", "b"), missing_facts=("supply",)),  # its question stands already
        reason(title=Text("丙", "c"), missing_layers=("water",)),
        reason(title=Text("丁", "d"), decision="restricted"),
    ]
    ruling = ruled("undetermined", questions=(ASKED,), missing_layers=("water",), reasons=tuple(waiting))
    score = scored("forest", 0.5, limit="open")
    found = open_texts(Recommendation("target", "forest", score, ruling, (), (), None, is_clear=False), content)
    assert [text.en for text in found] == [
        "is it for water? (supply)",
        "layer without data: water",
        "a (R7, some law, article 3)",
        "limit cannot be told: height",
    ]
    assert [text.zh for text in found][1::2] == ["图层数据缺失：water", "限值未知：高"]


def test_of_a_settled_ruling_only_limits_are_open(content: Suitability) -> None:
    ruling = ruled("restricted", missing_layers=("water",), reasons=(reason(),))
    found = Recommendation("target", "forest", scored("forest", 0.5), ruling, (), (), None, is_clear=True)
    assert open_texts(found, content) == []
    assert open_texts(Recommendation("target", None, None, None, (), (), None, is_clear=False), content) == []


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.5, 0.5, "0.50"), (0.501, 0.504, "0.50"), (0.0, 1.0, "0.00–1.00"), (0.494, 0.496, "0.49–0.50")],
)
def test_a_score_has_two_decimals_and_both_ends_where_they_differ(low: float, high: float, expected: str) -> None:
    assert score_text(Interval(low, high)) == expected


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ("prohibited", Text("判定不通过", "prohibited")),
        ("permitted", Text("判定通过（初步）", "permitted (preliminary)")),
        (None, Text("未能核查", "not checked")),
    ],
)
def test_a_decision_in_words(decision: Any, expected: Text) -> None:
    assert decision_text(ruled(decision)) == expected


def test_no_ruling_is_not_checked() -> None:
    assert decision_text(None) == Text("未能核查", "not checked")


def test_a_mode_has_its_title_and_none_says_so(content: Suitability) -> None:
    assert mode_title(content, "grass") == Text("宜草", "grass")
    assert mode_title(content, None) == Text("没有可建议的方向", "none can be recommended")


def test_a_criterion_adds_its_weight_times_its_membership() -> None:
    part = Part("height", 0.25, Interval(0.2, 0.8), {}, "none", Interval(0.0, 0.0))
    assert part.adds == Interval(0.05, 0.2)


@pytest.mark.parametrize(("ranking", "expected"), [("lowest", 0.2), ("middle", 0.5), ("highest", 0.8)])
def test_modes_are_put_in_order_by_one_end(ranking: str, expected: float) -> None:
    assert scored("forest", 0.2, 0.8).ranked_by(ranking) == pytest.approx(expected, abs=1e-15)
