"""Findings -> decision, with findings made by hand: which one wins, what is asked for, and the one sentence."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from zoning.rules.decision import Conclusion, conclude, summarise
from zoning.rules.facts import Vocabulary
from zoning.rules.verdict import CitationEntry, Finding, MissingFact
from zoning.texts import Text

SOME = Text("某", "some")
NAMES = {"building": "建设", "supply": "供水", "steel": "钢铁", "well": "打井"}
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            name: {
                "title": {"zh": zh, "en": name},
                "question": {"zh": f"{zh}吗？", "en": f"{name}?"},
                "kind": "yes_no",
            }
            for name, zh in NAMES.items()
        }
    }
)
LAYERS = {"water": Text("水源", "water"), "rivers": Text("河流", "rivers")}
CITED = CitationEntry(
    document="d",
    title=SOME,
    number="某〔2023〕1号",
    issuer=SOME,
    section="一",
    lines="L1",
    anchor="某",
    weight="plan",
    verified=True,
    in_force_from=date(2023, 1, 1),
)
DECISIONS = {"prohibit": "prohibited", "restrict": "restricted"}


def finding(rule: str, effect: str, outcome: str = "applies", **changes: Any) -> Finding:
    """Return a finding as a rule leaves it: what is open can become its effect."""
    decision = DECISIONS.get(effect)
    if outcome == "does_not_apply":
        decision = None
    elif decision is not None and (outcome == "undetermined" or changes.get("blocked")):
        decision = "undetermined"
    possible = (effect,) if outcome == "undetermined" or changes.get("blocked") else ()
    plain: dict[str, Any] = {
        "rule": rule,
        "title": Text(f"规则{rule}", f"rule {rule}"),
        "territory": "t",
        "scope": "zone",
        "effect": effect,
        "outcome": outcome,
        "decision": decision,
        "possible_effects": possible,
        "blocked": False,
        "verified": True,
        "layer": "water",
        "class_": None,
        "overlap_m2": None,
        "share": None,
        "distance_m": None,
        "missing_facts": (),
        "missing_layers": (),
        "conditions": (),
        "reasons": (Text("与水源重叠", "overlaps water"),),
        "citation": CITED,
        "also": (),
        "superseded_by": None,
        "overridden_by": None,
    }
    return Finding(**{**plain, **changes})


def asks(rule: str, effect: str, *facts: str, **changes: Any) -> Finding:
    return finding(rule, effect, "undetermined", missing_facts=facts, **changes)


BAN, LIMIT = finding("R001", "prohibit"), finding("R002", "restrict")
BLOCK = finding("R003", "prohibit", blocked=True)
MAYBE_BAN, MAYBE_LIMIT = asks("R004", "prohibit", "building"), asks("R005", "restrict", "supply")
NOTHING = finding("R006", "prohibit", "does_not_apply")
DUTY, ADVICE = finding("R007", "require"), finding("R008", "encourage")
UNVERIFIED_BAN = finding("R009", "prohibit", verified=False, decision="undetermined", possible_effects=("prohibit",))
UNVERIFIED_LIMIT = finding("R010", "restrict", verified=False, decision="undetermined", possible_effects=("restrict",))


@pytest.mark.parametrize(
    ("findings", "decision", "deciding"),
    [
        ([], "permitted", []),
        ([NOTHING, DUTY, ADVICE], "permitted", []),
        ([LIMIT], "restricted", ["R002"]),
        ([BAN], "prohibited", ["R001"]),
        ([LIMIT, BAN], "prohibited", ["R001"]),
        # What is open counts where it could be stricter than what is certain, and only there.
        ([MAYBE_LIMIT], "undetermined", ["R005"]),
        ([MAYBE_BAN], "undetermined", ["R004"]),
        ([MAYBE_LIMIT, LIMIT], "restricted", ["R002"]),
        ([MAYBE_BAN, LIMIT], "undetermined", ["R004"]),
        ([MAYBE_BAN, MAYBE_LIMIT, BAN], "prohibited", ["R001"]),
        ([MAYBE_BAN, MAYBE_LIMIT], "undetermined", ["R004", "R005"]),
        ([MAYBE_LIMIT, MAYBE_BAN, LIMIT], "undetermined", ["R004"]),
        # A procedure to be finished keeps everything open but a ban.
        ([BLOCK], "undetermined", ["R003"]),
        ([BLOCK, LIMIT], "undetermined", ["R003"]),
        ([BLOCK, BAN], "prohibited", ["R001"]),
        ([MAYBE_BAN, BLOCK], "undetermined", ["R003", "R004"]),
        # An article that nobody has compared with its text never decides alone.
        ([UNVERIFIED_BAN], "undetermined", ["R009"]),
        ([UNVERIFIED_LIMIT], "undetermined", ["R010"]),
        ([UNVERIFIED_LIMIT, LIMIT], "restricted", ["R002"]),
        ([UNVERIFIED_BAN, LIMIT], "undetermined", ["R009"]),
        ([UNVERIFIED_BAN, BAN], "prohibited", ["R001"]),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_decision_and_what_it_rests_on(
    findings: Sequence[Finding], decision: str, deciding: list[str], *, turned: bool
) -> None:
    found = conclude(list(reversed(findings)) if turned else findings, VOCABULARY)
    assert found.decision == decision
    assert [one.rule for one in found.deciding] == deciding


@pytest.mark.parametrize(
    ("findings", "blocked"),
    [([BLOCK], True), ([BLOCK, LIMIT], True), ([BLOCK, MAYBE_BAN], True), ([BLOCK, BAN], False), ([MAYBE_BAN], False)],
)
def test_blocked_is_what_waits_for_a_procedure(findings: Sequence[Finding], *, blocked: bool) -> None:
    assert conclude(findings, VOCABULARY).blocked is blocked


@pytest.mark.parametrize(
    ("findings", "unchecked_m2", "decision"),
    [
        ([], 0.0, "permitted"),
        ([], 1e-9, "undetermined"),
        ([LIMIT], 1e-9, "undetermined"),
        ([LIMIT], 0.0, "restricted"),
        ([BAN], 5.0, "prohibited"),
    ],
)
def test_land_that_was_not_checked_permits_nothing(
    findings: Sequence[Finding], unchecked_m2: float, decision: str
) -> None:
    assert conclude(findings, VOCABULARY, unchecked_m2=unchecked_m2).decision == decision


@pytest.mark.parametrize(
    ("findings", "unread", "decision", "missing"),
    [
        ([], ("water",), "undetermined", ("water",)),
        ([NOTHING], ("water", "rivers", "water"), "undetermined", ("rivers", "water")),
        ([MAYBE_LIMIT], ("water",), "undetermined", ("water",)),
        # Something is restricted already: a layer that nothing waits for is not asked for.
        ([LIMIT], ("water",), "restricted", ()),
        ([BAN], ("water",), "prohibited", ()),
    ],
)
def test_a_layer_that_was_not_read_is_never_a_permit(
    findings: Sequence[Finding], unread: tuple[str, ...], decision: str, missing: tuple[str, ...]
) -> None:
    found = conclude(findings, VOCABULARY, unread_layers=unread)
    assert (found.decision, found.missing_layers) == (decision, missing)


def test_missing_layers_are_those_of_findings_that_count_each_once_by_name() -> None:
    waiting = [
        asks("R001", "prohibit", missing_layers=("water", "rivers")),
        asks("R002", "prohibit", missing_layers=("water", "forest")),
        asks("R003", "restrict", missing_layers=("not-needed",)),
    ]
    assert conclude([*waiting, LIMIT], VOCABULARY).missing_layers == ("forest", "rivers", "water")
    assert conclude([*waiting, BAN], VOCABULARY).missing_layers == ()


def test_what_is_open_and_could_only_require_is_not_asked() -> None:
    duty = asks("R001", "require", "building")
    found = conclude([duty], VOCABULARY)
    assert (found.decision, found.missing_facts) == ("permitted", ())


def test_of_several_possible_effects_the_strictest_counts() -> None:
    open_ = asks("R001", "prohibit", "building", possible_effects=("encourage", "prohibit", "restrict"))
    assert conclude([open_, LIMIT], VOCABULARY).decision == "undetermined"
    milder = asks("R001", "restrict", "building", possible_effects=("restrict", "require"))
    assert conclude([milder, LIMIT], VOCABULARY).decision == "restricted"


# --- the order of questions


def test_questions_that_could_end_in_a_ban_come_first() -> None:
    found = conclude(
        [
            asks("R001", "restrict", "building"),
            asks("R002", "restrict", "building"),
            asks("R003", "restrict", "building"),
            asks("R004", "prohibit", "well"),
        ],
        VOCABULARY,
    )
    assert [question.fact for question in found.missing_facts] == ["well", "building"]


def test_then_those_for_which_most_rules_wait_then_by_name() -> None:
    found = conclude(
        [
            asks("R001", "prohibit", "well", "supply"),
            asks("R002", "prohibit", "well", "steel"),
            asks("R003", "prohibit", "building"),
        ],
        VOCABULARY,
    )
    assert [question.fact for question in found.missing_facts] == ["well", "building", "steel", "supply"]


def test_a_question_names_the_rules_that_wait_for_it_in_order() -> None:
    found = conclude([asks("R009", "prohibit", "well"), asks("R001", "restrict", "well")], VOCABULARY)
    assert found.missing_facts == (MissingFact(fact="well", question=Text("打井吗？", "well?"), why=("R001", "R009")),)


# --- the order of what decides


def test_of_equal_findings_the_largest_decides_then_the_first_id() -> None:
    found = conclude(
        [
            finding("R005", "prohibit", overlap_m2=10.0),
            finding("R004", "prohibit", overlap_m2=None),
            finding("R003", "prohibit", overlap_m2=10.0),
            finding("R002", "prohibit", overlap_m2=0.0),
            finding("R001", "prohibit", overlap_m2=11.0),
        ],
        VOCABULARY,
    )
    assert [one.rule for one in found.deciding] == ["R001", "R003", "R005", "R002", "R004"]


def test_a_possible_ban_stands_before_a_larger_possible_limit() -> None:
    found = conclude(
        [asks("R001", "restrict", "well", overlap_m2=900.0), asks("R002", "prohibit", "well", overlap_m2=1.0)],
        VOCABULARY,
    )
    assert [one.rule for one in found.deciding] == ["R002", "R001"]


def test_a_block_stands_before_a_larger_possible_ban() -> None:
    small = finding("R003", "prohibit", blocked=True, overlap_m2=1.0)
    found = conclude([asks("R001", "prohibit", "well", overlap_m2=900.0), small], VOCABULARY)
    assert [one.rule for one in found.deciding] == ["R003", "R001"]


# --- the sentence


def sentence(findings: Sequence[Finding], **changes: Any) -> Text:
    return summarise(conclude(findings, VOCABULARY, **changes), LAYERS, VOCABULARY)


@pytest.mark.parametrize(
    ("findings", "changes", "zh", "en"),
    [
        (
            [],
            {},
            "未发现禁止或限制性规则命中，有关图层均已核查。",
            "No prohibiting or restricting rule is hit; the layers concerned were all checked.",
        ),
        ([BAN], {}, "与水源重叠：规则R001（R001）。", "Overlaps water: rule R001 (R001)."),
        (
            [BAN, finding("R011", "prohibit"), finding("R012", "prohibit"), LIMIT],
            {},
            "与水源重叠：规则R001（R001）；另有 2 条规则。",
            "Overlaps water: rule R001 (R001); and 2 more.",
        ),
        ([LIMIT], {}, "与水源重叠：规则R002（R002）。", "Overlaps water: rule R002 (R002)."),
        ([BLOCK], {}, "程序受阻：规则R003（R003）。", "Blocked until done: rule R003 (R003)."),
        (
            [BLOCK, MAYBE_BAN],
            {},
            "程序受阻：规则R003（R003）；另有 1 条规则。",
            "Blocked until done: rule R003 (R003); and 1 more.",
        ),
        (
            [MAYBE_BAN],
            {},
            "尚待明确建设，可能触及：规则R004（R004）。",
            "Not known: building; this could lead to: rule R004 (R004).",
        ),
        (
            [asks("R001", "prohibit", "building", "steel", "supply")],
            {},
            "尚待明确建设、钢铁、供水，可能触及：规则R001（R001）。",
            "Not known: building, steel, supply; this could lead to: rule R001 (R001).",
        ),
        (
            [asks("R001", "prohibit", "building", "steel", "supply", "well")],
            {},
            "尚待明确建设、钢铁、供水 等，可能触及：规则R001（R001）。",
            "Not known: building, steel, supply; this could lead to: rule R001 (R001).",
        ),
        (
            [asks("R001", "prohibit", "building", missing_layers=("water",))],
            {},
            "尚待明确建设，补齐或核实图层水源，可能触及：规则R001（R001）。",
            "Not known: building; no certain data: water; this could lead to: rule R001 (R001).",
        ),
        (
            [asks("R001", "prohibit", missing_layers=("lakes",))],
            {},
            "尚待补齐或核实图层lakes，可能触及：规则R001（R001）。",
            "No certain data: lakes; this could lead to: rule R001 (R001).",
        ),
        # Neither a fact nor a layer: the accuracy of the boundary, or an article to be read.
        (
            [UNVERIFIED_BAN],
            {},
            "尚待核实界线，可能触及：规则R009（R009）。",
            "Boundary to be surveyed; this could lead to: rule R009 (R009).",
        ),
        (
            [],
            {"unread_layers": ("water", "rivers")},
            "数据缺失，未核查：河流、水源。",
            "No data, not checked: rivers, water.",
        ),
        (
            [],
            {"unchecked_m2": 1.0},
            "部分或全部范围不在任何辖区之内，或规则库没有收齐当日的规则：不能判定通过。",
            (
                "A part or all of it lies outside every territory, or the rule base does not hold the rules of that "
                "day: it cannot be permitted."
            ),
        ),
    ],
)
def test_the_sentence(findings: Sequence[Finding], changes: dict[str, Any], zh: str, en: str) -> None:
    assert sentence(findings, **changes) == Text(zh, en)


def test_land_without_rules_beside_a_limit_is_never_told_as_a_limit() -> None:
    told = sentence([LIMIT], unchecked_m2=1.0)
    assert "不能判定通过" in told.zh
    assert "it cannot be permitted" in told.en


@pytest.mark.parametrize(
    ("missing", "shown"),
    [(("a", "b", "c"), "a、b、c"), (("a", "b", "c", "d"), "a、b、c")],
)
def test_no_more_than_three_layers_are_named_beside_a_rule(missing: tuple[str, ...], shown: str) -> None:
    conclusion = Conclusion("undetermined", False, (MAYBE_BAN,), (), missing)  # noqa: FBT003 - of a conclusion
    assert summarise(conclusion, {}, VOCABULARY).zh == f"尚待补齐或核实图层{shown}，可能触及：规则R004（R004）。"


def test_the_findings_are_not_changed() -> None:
    findings = [MAYBE_BAN, BAN, LIMIT]
    before = [one.model_copy(deep=True) for one in findings]
    conclude(findings, VOCABULARY)
    assert findings == before
