"""`zoning rules ask`: what has to be known so that the verdict stands; asked on the terminal, or in a form."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.ask_form import FormQuestion, answer_text, form_text
from zoning.cli.check import CheckRequest, Job, Tally, examined, prepare, read_told
from zoning.cli.printing import print_line
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from datetime import date

    from zoning.rules.derivation.derive import Derived
    from zoning.rules.derivation.fact_lists import FactList
    from zoning.rules.facts import FactSheet, Vocabulary
    from zoning.rules.questions.ask import Inquiry, Questions
    from zoning.rules.situation import Situation
    from zoning.rules.told import Told
    from zoning.sites.site import Site
    from zoning.workspace import Workspace

_WORDS_SHOWN = 5
_RULES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class SiteState:
    """One footprint with what is known of it and what is still to be asked."""

    site: "Site"
    derived: "Derived"
    questions: "Questions"


@dataclass(frozen=True, slots=True)
class Desk:
    """All footprints of a file, measured once, and everything that the answers are read with."""

    vocabulary: "Vocabulary"
    lists: Mapping[str, "FactList"]
    on: "date"
    told: "Told"
    inquiries: tuple[tuple["Site", "Inquiry", tuple["Situation", ...]], ...]
    workspace: "Workspace"

    def states(self, answers: "FactSheet") -> tuple[SiteState, ...]:
        """Return what is to be asked about each footprint when these answers are known beside what was told."""
        from zoning.rules.access.compare import compare
        from zoning.rules.access.derive import with_access_fact
        from zoning.rules.derivation.derive import derive
        from zoning.rules.facts import FactSheet

        states = []
        access_lists = self.workspace.rulebook.access_lists
        for site, inquiry, situations in self.inquiries:
            known = FactSheet({**answers.values, **self.told.of(site, self.vocabulary).values})
            derived = derive(self.vocabulary, known, self.lists, self.on)
            parts = []
            for situation in situations:
                compared = compare(access_lists, replace(situation, facts=derived.sheet), self.vocabulary)
                parts.append(with_access_fact(self.vocabulary, derived.sheet, compared))
            questions = inquiry.questions(derived.sheet, [part.sheet for part in parts])
            states.append(SiteState(site, _joined(derived, parts), questions))
        return tuple(states)


def _joined(derived: "Derived", parts: Sequence["Derived"]) -> "Derived":
    """Return the derivations for the whole site with those for its parts, each once."""
    derivations = dict.fromkeys((*derived.derivations, *(entry for part in parts for entry in part.derivations)))
    warnings = dict.fromkeys((*derived.warnings, *(text for part in parts for text in part.warnings)))
    return replace(derived, derivations=tuple(derivations), warnings=tuple(warnings))


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question with the footprints that it is asked for."""

    fact: str
    states: tuple[SiteState, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that ask for it."""
        return tuple(sorted({rule for state in self.states for rule in state.questions.rules[self.fact]}))

    @property
    def hints(self) -> tuple[Text, ...]:
        """What the answer may rest on."""
        return tuple(dict.fromkeys(text for state in self.states for text in state.derived.hints.get(self.fact, ())))

    def sites(self, of: int) -> tuple[str, ...]:
        """Return the names of the footprints, none when it is asked for all."""
        return () if len(self.states) == of else tuple(state.site.name for state in self.states)


def ask_rules(session: Session, request: CheckRequest, form: Path | None, *, answer: bool, as_json: bool) -> int:
    """Print, write or ask the questions that decide the verdicts of a file; return the exit code."""
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
        sys.stdout.write(json.dumps(_plain(states, desk), ensure_ascii=False, indent=2) + "\n")
    else:
        _print(session, states, desk)
    write_form(session, request, form, desk, _no_answers(), states)
    return tally.refused or 0


def _open_desk(session: Session, request: CheckRequest, job: Job, tally: Tally) -> Desk:
    from zoning.rules.questions.ask import Inquiry

    rulebook = job.workspace.rulebook
    vocabulary = rulebook.vocabulary
    lists = rulebook.lists
    inquiries = []
    for examination in examined(session, job, tally):
        entry = examination.verdict.site
        without = sum(examination.situations[code].area_m2 for code in entry.territories_without_rules)
        situations = tuple(examination.situations.values())
        inquiry = Inquiry(rulebook, situations, entry.outside_territories_m2 + without)
        inquiries.append((examination.footprint.site, inquiry, situations))
    told = read_told(request, vocabulary)
    return Desk(vocabulary, lists, session.day(request.on), told, tuple(inquiries), job.workspace)


def _no_answers() -> "FactSheet":
    from zoning.rules.facts import FactSheet

    return FactSheet({})


def open_questions(states: Sequence[SiteState], desk: Desk) -> list[OpenQuestion]:
    """Return the questions of all footprints, those first that are asked for most and settle most."""
    facts = dict.fromkeys(fact for state in states for fact in state.questions.facts)
    found = [OpenQuestion(fact, tuple(state for state in states if fact in state.questions.facts)) for fact in facts]
    listed = list(desk.vocabulary.facts)

    def place(question: OpenQuestion) -> tuple[float, float, int]:
        places = [state.questions.facts.index(question.fact) for state in question.states]
        return -len(places), sum(places) / len(places), listed.index(question.fact)

    return sorted(found, key=place)


def counts(states: Sequence[SiteState], questions: Sequence[OpenQuestion]) -> tuple[int, int]:
    """Return how many questions there are at most, and usually."""
    return len(questions), max((state.questions.usually for state in states), default=0)


def _print(session: Session, states: Sequence[SiteState], desk: Desk) -> None:
    questions = open_questions(states, desk)
    language = session.language
    for state in states:
        print_line(session, 0, _decision_line(state).get(language))
        for text in _beyond_answers(state, desk):
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


def _beyond_answers(state: SiteState, desk: Desk) -> Iterator[Text]:
    """Yield what no answer can decide, and what contradicts itself."""
    known = desk.workspace.catalogue.layers
    layers = [known[name].title if name in known else Text(name, name) for name in state.questions.missing_layers]
    if layers:
        zh, en = "、".join(text.zh for text in layers), ", ".join(text.en for text in layers)
        yield Text(
            f"图层没有数据或精度不足，答案不能代替：{zh}", f"layers without (exact) data, no answer replaces them: {en}"
        )
    if state.questions.unchecked_m2:
        yield Text(
            "部分或全部范围不在辖区之内，或规则库没有收齐当日的规则，答案不能代替",
            "a part or all of it lies outside the territories, or the rules of that day are not all held: "
            "no answer replaces that",
        )
    for finding in state.questions.blocked:
        yield Text(
            f"程序须先完成，答案不能代替：{finding.title.zh}（{finding.rule}）",
            f"a procedure comes first, no answer replaces it: {finding.title.en} ({finding.rule})",
        )
    yield from state.derived.warnings


def _plain(states: Sequence[SiteState], desk: Desk) -> dict[str, object]:
    questions = open_questions(states, desk)
    most, usually = counts(states, questions)
    return {
        "on": desk.on.isoformat(),
        "at_most": most,
        "usually": usually,
        "questions": [_plain_question(question, desk, len(states)) for question in questions],
        "sites": [
            {
                "id": state.site.id,
                "name": state.site.name,
                "decision": state.questions.decision,
                "questions": list(state.questions.facts),
                "derived": [d.model_dump(mode="json", by_alias=True) for d in state.derived.derivations],
                "missing_layers": list(state.questions.missing_layers),
                "blocked": [finding.rule for finding in state.questions.blocked],
                "warnings": [{"zh": text.zh, "en": text.en} for text in state.derived.warnings],
            }
            for state in states
        ],
    }


def _plain_question(question: OpenQuestion, desk: Desk, sites: int) -> dict[str, object]:
    fact = desk.vocabulary.facts[question.fact]
    return {
        "fact": question.fact,
        "kind": fact.kind,
        "question": {"zh": fact.question.zh, "en": fact.question.en},
        "values": {word: {"zh": text.zh, "en": text.en} for word, text in fact.values.items()},
        "unit": fact.unit,
        "pattern": fact.pattern,
        "hints": [{"zh": text.zh, "en": text.en} for text in question.hints],
        "rules": list(question.rules),
        "sites": [state.site.id for state in question.states] if question.sites(sites) else [],
    }


def write_form(
    session: Session,
    request: CheckRequest,
    form: Path | None,
    desk: Desk,
    answers: "FactSheet",
    states: Sequence[SiteState],
) -> None:
    """Write the form, with what was told and answered, when one is asked for."""
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
    session.say(Text(f"已写出 {form}", f"written: {form}"))
