"""`zoning rules show`: everything that is known of one rule."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import print_json, print_line
from zoning.cli.rules import as_plain, find_rule
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.wording.card import RuleCard
    from zoning.rules.wording.sentences import Parts
    from zoning.rules.wording.shown import ShownCase
    from zoning.workspace import Workspace


def show_rule(session: Session, folder: Path | None, name: str, on: str | None, *, as_json: bool) -> int:
    """Print everything that is known of one rule.

    Raises
    ------
    UsageError
        When there is no such rule, with the nearest id, or a day is no date.
    ContentError
        When the workspace or its cases have mistakes.
    """
    from zoning.rules.wording.card import describe
    from zoning.rules.wording.shown import shown_cases
    from zoning.rules.wording.territories import read_territories

    workspace = session.open_workspace(folder)
    rule = find_rule(workspace.rulebook, name)
    day = session.day(on)
    names = read_territories(workspace.root / "rules")
    card = describe(rule, workspace.rulebook, workspace.catalogue, names, day)
    cases = tuple(shown_cases(workspace.root / "rules", rule.id, workspace.rulebook, workspace.catalogue))
    path = workspace.root / "rules" / rule.document / f"{rule.id}.yaml"
    if as_json:
        plain = _as_json(card, cases, workspace, day, path)
        print_json(plain, default=str)
        return 0
    _print(session, card, cases, day, _near(path))
    return 0


def _near(path: Path) -> str:
    """Return a path as one would type it here."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _print(session: Session, card: "RuleCard", cases: "Sequence[ShownCase]", day: date, path: str) -> None:
    from zoning.rules.wording.shown import rule_lines
    from zoning.rules.wording.words import UNVERIFIED

    console = session.console()
    rule = card.rule
    mark = "" if card.verified else Text(f"（{UNVERIFIED.zh}）", f" ({UNVERIFIED.en})").get(session.language)
    console.print(f"{rule.id}  {rule.title.get(session.language)}{mark}", style="bold", markup=False)
    for label, text in rule_lines(card, day):
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


def _print_cases(session: Session, cases: "Sequence[ShownCase]") -> None:
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
    card: "RuleCard", cases: "Sequence[ShownCase]", workspace: "Workspace", day: date, path: Path
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
    return None if text is None else text.plain()
