"""A rule as it is shown to people: its lines in their order, and its worked cases with what comes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zoning.layers.catalogue import Catalogue
from zoning.rules.cases import Case, CaseFile, CaseResult, run_case
from zoning.rules.rulebook import Rulebook
from zoning.rules.wording.card import RuleCard, proviso_text, state_text
from zoning.rules.wording.cases import expected_text, given_text, outcome_text
from zoning.rules.wording.words import CONDITIONS, UNVERIFIED
from zoning.texts import Text
from zoning.yaml_files import read_model

UNVERIFIED_LONG = Text(
    "条号或内容未与正式文本核对，不单独作为结论",
    "the article was not compared with the official text: it never decides alone",
)


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A worked case with what came out, in words."""

    case: Case
    result: CaseResult
    given: Text
    outcome: Text
    expected: Text


def shown_cases(rules: Path, rule_id: str, rulebook: Rulebook, catalogue: Catalogue) -> Iterator[ShownCase]:
    """Run the worked cases of a rule.

    Parameters
    ----------
    rules
        Folder `rules/` of the workspace.

    Raises
    ------
    ContentError
        When their file has mistakes, or a case states what the vocabulary lacks.
    """
    path = rules / "cases" / f"{rule_id}.yaml"
    rule = rulebook.get(rule_id)
    if rule is None or not path.is_file():
        return
    words = rulebook.vocabulary
    for case in read_model(path, CaseFile).cases:
        result = run_case(case, rule, rulebook, catalogue)
        yield ShownCase(
            case,
            result,
            given_text(case, rule, words, catalogue),
            outcome_text(result.finding, words, catalogue),
            expected_text(case, words, catalogue),
        )


def rule_lines(card: RuleCard, day: date) -> Iterator[tuple[Text, Text]]:
    """Yield what is known of a rule as label and text; `day`: the one on which it is or is not in force."""
    rule = card.rule
    yield Text("内容", "says"), rule.says
    yield Text("效力", "effect"), Text(f"{card.effect.zh}；{card.scope.zh}", f"{card.effect.en}; {card.scope.en}")
    yield from _conditions(card)
    state = state_text(rule, day)
    yield Text("辖区", "territory"), card.territories
    yield Text("有效期", "dates"), Text(f"{card.dates.zh}（{state.zh}）", f"{card.dates.en} ({state.en})")
    for index, citation in enumerate(card.citations):
        yield (Text("另见", "see also") if index else Text("依据", "source")), citation.text
    if not card.verified:
        yield UNVERIFIED, UNVERIFIED_LONG
    yield from _precedence(card)
    if rule.note is not None:
        yield Text("说明", "note"), rule.note


def _conditions(card: RuleCard) -> Iterator[tuple[Text, Text]]:
    rule = card.rule
    anywhere = Text("全辖区", "the whole territory") if card.when is None else None
    for label, text in (
        (Text("地点", "where"), card.where or anywhere),
        (Text("条件", "when"), card.when),
        (CONDITIONS[rule.effect], rule.condition),
        *((Text("但书", "proviso"), proviso_text(proviso)) for proviso in card.provisos),
        (Text("可补正", "can be cured"), rule.curable),
    ):
        if text is not None:
            yield label, text
    for value in card.values:
        kept = Text("", "") if value.holds else Text("（当日不用）", " (not on that day)")
        told = Text(
            f"{value.title.zh} = {value.value.zh}（自 {value.since} 起；{value.source.zh}）{kept.zh}",
            f"{value.title.en} = {value.value.en} (from {value.since}; {value.source.en}){kept.en}",
        )
        yield Text("参数", "value"), told


def _precedence(card: RuleCard) -> Iterator[tuple[Text, Text]]:
    for other, because in card.overrides:
        yield (
            Text("优先", "goes before"),
            Text(f"本条适用时，{other} 让位：{because.zh}", f"where it applies, {other} steps back: {because.en}"),
        )
    for other, because in card.overridden_by:
        yield (
            Text("让位", "steps back"),
            Text(f"{other} 适用时，本条让位：{because.zh}", f"where {other} applies: {because.en}"),
        )
