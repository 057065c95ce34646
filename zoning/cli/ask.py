"""`zoning rules ask`: what has to be known so that the verdict stands; asked on the terminal, or in a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.ask_form import FormQuestion, answer_text, form_text
from zoning.cli.check import CheckRequest, Job, Tally, examined, prepare, read_told
from zoning.cli.printing import print_json, print_line
from zoning.cli.session import Session
from zoning.cli.writing import say_written
from zoning.errors import UsageError
from zoning.rules.questions.desk import (
    Desk,
    OpenQuestion,
    SiteState,
    asked_about,
    beyond_answers,
    counts,
    open_questions,
    plain_question,
)
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.facts import FactSheet
    from zoning.workspace import Workspace

_WORDS_SHOWN = 5
_RULES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class FileDesk(Desk):
    """The questions of a boundary file, and the workspace that it was checked with."""

    workspace: "Workspace"

    @property
    def titles(self) -> dict[str, Text]:
        """Names of layers by id."""
        return {name: layer.title for name, layer in self.workspace.catalogue.layers.items()}


def ask_rules(session: Session, request: CheckRequest, form: Path | None, *, answer: bool, as_json: bool) -> int:
    """Print, write or ask the questions that decide the verdicts of a file; return the exit code.

    Raises
    ------
    UsageError
        When no boundary file is named, or the form exists and is not the facts file that is gone on with; see also
        `zoning.cli.check.prepare`.
    ContentError
        When the form cannot be written.
    SiteError, CRSError
        When the boundary file cannot be read; a footprint that cannot be measured is told and counted instead.
    """
    if request.site is None:
        raise UsageError("请给出边界文件：zoning rules ask SITE", "name a boundary file: zoning rules ask SITE")
    if form is not None and form.exists() and form != request.facts:
        raise UsageError(
            f"{form} 已存在；换一个文件名，或用 --facts {form} 接着填",
            f"{form} exists; choose another name, or go on with it: --facts {form}",
        )
    job = prepare(session, request)
    tally = Tally()
    desk = _open_desk(session, request, job, tally)
    if answer:
        from zoning.cli.ask_interview import interview

        return interview(session, request, desk, form, tally)
    states = desk.states(_no_answers())
    if as_json:
        print_json(_plain(states, desk))
    else:
        _print(session, states, desk)
    write_form(session, request, form, desk, _no_answers(), states)
    return tally.refused or 0


def _open_desk(session: Session, request: CheckRequest, job: Job, tally: Tally) -> FileDesk:
    rulebook = job.workspace.rulebook
    asked = tuple(
        asked_about(rulebook, found.footprint.site, found.verdict.site, found.situations)
        for found in examined(session, job, tally)
    )
    told = read_told(request, rulebook.vocabulary)
    return FileDesk(rulebook, session.day(request.on), told, asked, job.workspace)


def _no_answers() -> "FactSheet":
    from zoning.rules.facts import FactSheet

    return FactSheet({})


def _print(session: Session, states: Sequence[SiteState], desk: FileDesk) -> None:
    questions = open_questions(states, desk)
    language = session.language
    for state in states:
        print_line(session, 0, _decision_line(state).get(language))
        for text in beyond_answers(state, desk.titles):
            print_line(session, 1, text.get(language))
    if not questions:
        return
    most, usually = counts(states, questions)
    session.console().print()
    lead = Text("还有一个问题：", "One question is open:")
    if most > 1:
        lead = Text(
            f"最多 {most} 个问题，一般约 {usually} 个；从第 1 个答起，多数问题随后不必再答：",
            f"Up to {most} questions, usually about {usually}; begin with the first, most are needless after it:",
        )
    print_line(session, 0, lead.get(language))
    for number, question in enumerate(questions, start=1):
        _print_question(session, f"{number}. ", question, desk, len(states))


def _print_question(session: Session, lead: str, question: OpenQuestion, desk: Desk, sites: int) -> None:
    fact = desk.vocabulary.facts[question.fact]
    language = session.language
    print_line(session, 0, f"{lead}{fact.question.get(language)}")
    words = list(fact.values) or (["yes", "no"] if fact.kind == "yes_no" else [answer_text(fact).get(language)])
    more = Text(f"|… 共 {len(words)} 个词，见 --form", f"|... {len(words)} words, see --form").get(language)
    shown = "|".join(words[:_WORDS_SHOWN]) + (more if len(words) > _WORDS_SHOWN else "")
    print_line(session, 2, f"--set {question.fact}={shown}")
    for hint in question.hints:
        print_line(session, 2, f"* {hint.get(language)}")
    only = question.sites(sites)
    if only:
        print_line(session, 2, session.labelled(Text("只涉及地块", "only footprints"), ", ".join(only)))
    more = ", …" if len(question.rules) > _RULES_SHOWN else ""
    print_line(session, 2, f"[{', '.join(question.rules[:_RULES_SHOWN])}{more}]")


def _decision_line(state: SiteState) -> Text:
    from zoning.cli.tables import DECISIONS

    sign, word, _ = DECISIONS[state.questions.decision]
    lead = Text(f"{sign} {word.zh}   {state.site.name}：", f"{sign} {word.en}   {state.site.name}: ")
    if state.questions.facts:
        count = len(state.questions.facts)
        return Text(f"{lead.zh}还有 {count} 个问题", f"{lead.en}{count} question{'s' if count > 1 else ''} open")
    if state.questions.decision == "undetermined":
        return Text(f"{lead.zh}补充事实不能改变结论", f"{lead.en}no fact can change this")
    return Text(f"{lead.zh}结论不再取决于其他事实", f"{lead.en}it depends on no other fact")


def _plain(states: Sequence[SiteState], desk: Desk) -> dict[str, object]:
    questions = open_questions(states, desk)
    most, usually = counts(states, questions)
    return {
        "on": desk.on.isoformat(),
        "at_most": most,
        "usually": usually,
        "questions": [plain_question(question, desk, len(states)) for question in questions],
        "sites": [
            {
                "id": state.site.id,
                "name": state.site.name,
                "decision": state.questions.decision,
                "questions": list(state.questions.facts),
                "derived": [d.model_dump(mode="json", by_alias=True) for d in state.derived.derivations],
                "missing_layers": list(state.questions.missing_layers),
                "blocked": [finding.rule for finding in state.questions.blocked],
                "warnings": [text.plain() for text in state.derived.warnings],
            }
            for state in states
        ],
    }


def write_form(
    session: Session,
    request: CheckRequest,
    form: Path | None,
    desk: Desk,
    answers: "FactSheet",
    states: Sequence[SiteState],
) -> None:
    """Write the form, with what was told and answered, when one is asked for.

    Raises
    ------
    ContentError
        When a fact is unknown or does not allow its value, or the form cannot be written.
    """
    from zoning.atomic_write import write_whole
    from zoning.rules.facts import FactSheet, parse_facts

    if form is None:
        return
    questions = open_questions(states, desk)
    _, usually = counts(states, questions)
    told = desk.told
    common = parse_facts(desk.vocabulary, {**told.common, **told.options}, told.where)
    own = {name: parse_facts(desk.vocabulary, raw, told.where) for name, raw in told.single.items()}
    text = form_text(
        desk.vocabulary,
        {
            question.fact: FormQuestion(number, question.rules, question.sites(len(states)), question.hints)
            for number, question in enumerate(questions, start=1)
        },
        FactSheet({**answers.values, **common.values}),
        {name: FactSheet({k: v for k, v in s.values.items() if k not in told.options}) for name, s in own.items()},
        site=str(request.site),
        on=desk.on,
        usually=usually,
    )
    write_whole(form, text)
    say_written(session, form)
