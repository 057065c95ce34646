"""`zoning rules show`: everything that is known of one rule."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import print_line
from zoning.cli.rules import as_plain, find_rule
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.cases import Case, CaseResult
    from zoning.rules.wording.card import RuleCard
    from zoning.rules.wording.sentences import Parts
    from zoning.workspace import Workspace

_UNVERIFIED = Text(
    "条号或内容未与正式文本核对，不单独作为结论",
    "the article was not compared with the official text: it never decides alone",
)


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A worked case with what came out, in words."""

    case: "Case"
    result: "CaseResult"
    given: Text
    outcome: Text
    expected: Text


def show_rule(session: Session, folder: Path | None, name: str, on: str | None, *, as_json: bool) -> int:
    """Print everything that is known of one rule."""
    from zoning.rules.wording.card import describe
    from zoning.rules.wording.territories import read_territories

    workspace = session.open_workspace(folder)
    rule = find_rule(workspace.rulebook, name)
    day = session.day(on)
    names = read_territories(workspace.root / "rules")
    card = describe(rule, workspace.rulebook, workspace.catalogue, names, day)
    cases = tuple(_cases(workspace, rule.id))
    path = workspace.root / "rules" / rule.document / f"{rule.id}.yaml"
    if as_json:
        plain = _as_json(card, cases, workspace, day, path)
        sys.stdout.write(dumps(plain, ensure_ascii=False, indent=2, default=str) + "\n")
        return 0
    _print(session, card, cases, day, _near(path))
    return 0


def _near(path: Path) -> str:
    """Return a path as one would type it here."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _cases(workspace: "Workspace", rule_id: str) -> Iterator[ShownCase]:
    from zoning.rules.cases import CaseFile, run_case
    from zoning.rules.wording.cases import expected_text, given_text, outcome_text
    from zoning.yaml_files import read_model

    path = workspace.root / "rules" / "cases" / f"{rule_id}.yaml"
    rule = workspace.rulebook.get(rule_id)
    if rule is None or not path.is_file():
        return
    words, layers = workspace.rulebook.vocabulary, workspace.catalogue
    for case in read_model(path, CaseFile).cases:
        result = run_case(case, rule, workspace.rulebook, layers)
        yield ShownCase(
            case,
            result,
            given_text(case, rule, words, layers),
            outcome_text(result.finding, words, layers),
            expected_text(case, words, layers),
        )


def _print(session: Session, card: "RuleCard", cases: Sequence[ShownCase], day: date, path: str) -> None:
    from zoning.rules.wording.words import UNVERIFIED

    console = session.console()
    rule = card.rule
    mark = "" if card.verified else Text(f"（{UNVERIFIED.zh}）", f" ({UNVERIFIED.en})").get(session.language)
    console.print(f"{rule.id}  {rule.title.get(session.language)}{mark}", style="bold", markup=False)
    for label, text in _lines(card, day):
        if text is card.when and card.when_parts is not None:
            _print_parts(session, label, card.when_parts)
        else:
            print_line(session, 1, session.labelled(label, text.get(session.language)))
    _print_history(session, card, day)
    _print_cases(session, cases)
    print_line(session, 1, session.labelled(Text("文件", "file"), path))


def _print_parts(session: Session, label: Text, parts: "Parts") -> None:
    print_line(session, 1, session.labelled(label, parts.heading.get(session.language)))
    for number, text in enumerate(parts.texts, start=1):
        print_line(session, 2, f"{number}. {text.get(session.language)}")


def _lines(card: "RuleCard", day: date) -> Iterator[tuple[Text, Text]]:
    from zoning.rules.wording.card import state_text

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
        yield Text("待核实", "not verified"), _UNVERIFIED
    yield from _precedence(card)
    if rule.note is not None:
        yield Text("说明", "note"), rule.note


def _conditions(card: "RuleCard") -> Iterator[tuple[Text, Text]]:
    from zoning.rules.wording.card import proviso_text
    from zoning.rules.wording.words import CONDITIONS

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


def _precedence(card: "RuleCard") -> Iterator[tuple[Text, Text]]:
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


def _print_history(session: Session, card: "RuleCard", day: date) -> None:
    if not card.history:
        return
    from zoning.rules.wording.card import state_text
    from zoning.rules.wording.sentences import dates_text

    print_line(session, 1, session.labelled(Text("沿革", "history"), ""))
    language = session.language
    for entry in card.history:
        word = Text("此后", "after") if entry.later else Text("此前", "before")
        dates, state = dates_text(entry.rule.in_force), state_text(entry.rule, day)
        told = f"{entry.rule.id} {entry.rule.title.get(language)} "
        told += Text(f"（{dates.zh}；{state.zh}）", f"({dates.en}; {state.en})").get(language)
        print_line(session, 2, session.labelled(word, told))


def _print_cases(session: Session, cases: Sequence[ShownCase]) -> None:
    wrong = sum(shown.result.mistake is not None for shown in cases)
    count = Text(f"{len(cases)} 个，{wrong} 个不符", f"{len(cases)}, {wrong} came out differently")
    print_line(session, 1, session.labelled(Text("案例", "cases"), count.get(session.language)))
    language = session.language
    for shown in cases:
        sign = "✓" if shown.result.mistake is None else "×"
        print_line(session, 2, f"{sign} {shown.case.name}  {shown.case.on}")
        print_line(session, 3, session.labelled(Text("情形", "given"), shown.given.get(language)))
        print_line(session, 3, session.labelled(Text("结果", "comes out"), shown.outcome.get(language)))
        if shown.result.mistake is not None:
            print_line(session, 3, session.labelled(Text("应为", "expected"), shown.expected.get(language)))


def _as_json(
    card: "RuleCard", cases: Sequence[ShownCase], workspace: "Workspace", day: date, path: Path
) -> dict[str, object]:
    from zoning.rules.wording.card import proviso_text, rule_text, state_text
    from zoning.rules.wording.sentences import dates_text

    rule = card.rule
    return {
        **as_plain(rule, workspace.rulebook),
        "verified": card.verified,
        "weight": card.document.weight,
        "on": day,
        "in_force_on_day": rule.in_force.covers(day),
        "texts": {
            "rule": _plain(rule_text(card)),
            "where": _plain(card.where),
            "when": _plain(card.when),
            "provisos": [_plain(proviso_text(proviso)) for proviso in card.provisos],
            "dates": _plain(card.dates),
            "state": _plain(state_text(rule, day)),
            "territories": _plain(card.territories),
            "citations": [_plain(citation.text) for citation in card.citations],
        },
        "overridden_by": [{"rule": other, "because": _plain(because)} for other, because in card.overridden_by],
        "history": [
            {
                "rule": entry.rule.id,
                "title": _plain(entry.rule.title),
                "dates": _plain(dates_text(entry.rule.in_force)),
                "later": entry.later,
            }
            for entry in card.history
        ],
        "cases": [
            {
                "name": shown.case.name,
                "on": shown.case.on,
                "given": _plain(shown.given),
                "outcome": _plain(shown.outcome),
                "expected": _plain(shown.expected),
                "as_expected": shown.result.mistake is None,
            }
            for shown in cases
        ],
        "file": path.relative_to(workspace.root).as_posix(),
    }


def _plain(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}
