"""`zoning rules ask --answer`: one question after the other on the terminal, until the verdicts stand."""

import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.ask import FileDesk, write_form
from zoning.cli.ask_form import answer_text, plain_answer
from zoning.cli.check import CheckRequest, Job, Tally, examined
from zoning.cli.results import Printer
from zoning.cli.session import Session
from zoning.errors import ContentError
from zoning.rules.questions.desk import OpenQuestion, counts, open_questions
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.facts import Fact, FactSheet

_STOP = ("q", "quit", "退出")
_UNKNOWN = ("?", "？", "不知道", "不详", "unknown")
_LETTERS = {"y": "yes", "n": "no"}
_MANY_WORDS = 12


def interview(session: Session, request: CheckRequest, desk: FileDesk, form: Path | None, tally: Tally) -> int:
    """Ask until the verdicts stand, print them, and return the exit code as `zoning check` does.

    Raises
    ------
    ContentError
        When an answer of the facts file cannot be meant, or the form cannot be written.
    """
    answers: dict[str, object] = {}
    skipped: set[str] = set()
    while True:
        states = desk.states(_sheet(desk, answers))
        questions = [question for question in open_questions(states, desk) if question.fact not in skipped]
        if not questions:
            break
        most, usually = counts(states, questions)
        session.say(
            Text(
                f"还有最多 {most} 问，一般约 {min(usually, most)} 问（空行 = 不知道，q = 停止）",
                f"up to {most} more, usually about {min(usually, most)} (empty = unknown, q = stop)",
            )
        )
        told = _ask(session, questions[0], desk, len(states))
        if told is None:
            break
        if not told.values:
            skipped.add(questions[0].fact)
        answers.update(told.as_plain())
    sheet = _sheet(desk, answers)
    write_form(session, request, form, desk, sheet, desk.states(sheet))
    if form is None and answers:
        _tell_options(session, sheet)
    return _verdicts(session, desk, sheet, tally)


def _ask(session: Session, question: OpenQuestion, desk: FileDesk, sites: int) -> "FactSheet | None":
    """Ask one question until the answer can be read; None to stop, an empty sheet for unknown."""
    from zoning.rules.facts import parse_facts

    fact = desk.vocabulary.facts[question.fact]
    words = list(fact.values)
    _say_question(session, question, desk, sites)
    while True:
        sys.stderr.write("> ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line or line.strip().lower() in _STOP:
            return None
        name, equals, said = (part.strip() for part in line.partition("="))
        if not equals:
            name, said = question.fact, line.strip()
        parts = [part.strip() for part in said.replace("，", ",").replace("、", ",").split(",") if part.strip()]
        if name == question.fact:
            parts = [_meant(part, words) for part in parts if part not in _UNKNOWN]
        try:
            return parse_facts(desk.vocabulary, {name: parts}, Text("回答", "answer").get(session.language))
        except ContentError as error:
            # The list of many words stands above already.
            many = name == question.fact and len(words) > _MANY_WORDS
            session.say(_not_in_list(parts, fact, words) if many else error.text)


def _meant(part: str, words: Sequence[str]) -> str:
    """Return the word of a number, or of a letter where the answer is yes or no."""
    if not words:
        return _LETTERS.get(part.lower(), part)
    return words[int(part) - 1] if part.isdecimal() and 0 < int(part) <= len(words) else part


def _not_in_list(parts: Sequence[str], fact: "Fact", words: Sequence[str]) -> Text:
    titles = [title for text in fact.values.values() for title in (text.zh, text.en)]
    wrong = next((part for part in parts if part not in words and part not in titles), ",".join(parts))
    near = get_close_matches(wrong, words, n=1)
    hint_zh, hint_en = (f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?") if near else ("", "")
    return Text(
        f"“{wrong}”不在上面的词里；写序号 1 到 {len(words)}，或照写那个词{hint_zh}",
        f"'{wrong}' is none of the words above; write a number from 1 to {len(words)}, or the word itself{hint_en}",
    )


def _say_question(session: Session, question: OpenQuestion, desk: FileDesk, sites: int) -> None:
    fact = desk.vocabulary.facts[question.fact]
    session.say(fact.question)
    for number, (word, text) in enumerate(fact.values.items(), start=1):
        session.say(Text(f"  {number}. {text.zh}（{word}）", f"  {number}. {text.en} ({word})"))
    for hint in (*((fact.note,) if fact.note else ()), *question.hints):
        session.say(Text(f"  * {hint.zh}", f"  * {hint.en}"))
    only = ", ".join(question.sites(sites))
    if only:
        session.say(Text(f"  只涉及地块：{only}", f"  only footprints: {only}"))
    how = answer_text(fact)
    several = Text("写序号或词，多个用逗号", "numbers or words, several with commas")
    session.say(Text(f"  {several.zh}", f"  {several.en}") if fact.values else Text(f"  {how.zh}", f"  {how.en}"))


def _sheet(desk: FileDesk, answers: Mapping[str, object]) -> "FactSheet":
    from zoning.rules.facts import parse_facts

    return parse_facts(desk.vocabulary, answers, "answers")


def _tell_options(session: Session, answers: "FactSheet") -> None:
    shown = " ".join(f"--set {name}={plain_answer(value, ',')}" for name, value in answers.values.items())
    session.say(Text(f"下次可直接写：{shown}", f"next time: {shown}"))


def _verdicts(session: Session, desk: FileDesk, answers: "FactSheet", tally: Tally) -> int:
    """Check all footprints once more, now with the answers, and print the verdicts."""
    from zoning.check import check_sites
    from zoning.rules.facts import FactSheet

    told = [(site, desk.told.of(site, desk.vocabulary)) for site in (one.site for one in desk.asked)]
    work = [(site, FactSheet({**answers.values, **sheet.values})) for site, sheet in told]
    workspace = desk.workspace
    results = check_sites(
        work,
        on=desk.on,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=session.source(workspace),
    )
    # What was decided before the answers does not count; a refusal does.
    final = Tally(tally.refused)
    printer = Printer(session, len(work), as_json=False, facts=desk.vocabulary.facts)
    for examination in examined(session, Job(workspace, len(work), results), final):
        printer.show(examination.verdict)
    printer.close()
    return final.exit_code()
