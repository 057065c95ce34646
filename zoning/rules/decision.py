"""Findings -> decision: the strictest finding wins, and a question is raised only where its answer could be stricter.

Order: prohibited > undetermined > restricted > permitted. What is only undetermined counts where it could become
stricter than what is already certain.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from zoning.rules.facts import Vocabulary
from zoning.rules.verdict import Decision, Finding, MissingFact
from zoning.texts import Text, joined

_CERTAIN: dict[Decision, int] = {"permitted": 0, "restricted": 1, "prohibited": 2}
_POTENTIAL = {"restrict": 1, "prohibit": 2}
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The decision and what it waits for.

    Attributes
    ----------
    blocked
        A procedure (survey, assessment) has to be finished first.
    deciding
        The findings that the decision rests on, strictest and largest first.
    """

    decision: Decision
    blocked: bool
    deciding: tuple[Finding, ...]
    missing_facts: tuple[MissingFact, ...]
    missing_layers: tuple[str, ...]


def conclude(
    findings: Iterable[Finding],
    vocabulary: Vocabulary,
    *,
    unchecked_m2: float = 0.0,
    unread_layers: Iterable[str] = (),
) -> Conclusion:
    """Draw the decision from all findings.

    Parameters
    ----------
    unchecked_m2
        Part of the site where no rule was applied: outside every territory, or where none is in force on the day.
    unread_layers
        Layers without data here that a rule in force speaks of. While there are any, nothing is permitted, even where
        the facts take the project out of those rules: facts get corrected, a layer that was not read was not checked.
    """
    relevant = [finding for finding in findings if finding.decision is not None]
    certain = max((_certainly(f) for f in relevant), default=0)
    blocked = any(finding.blocked for finding in relevant)
    open_ = [f for f in relevant if _is_open(f) and _potentially(f) > certain]
    unread = sorted(set(unread_layers)) if certain == 0 else []
    decision: Decision
    if certain == _CERTAIN["prohibited"]:
        decision, open_ = "prohibited", []
    elif blocked or open_ or unread or unchecked_m2 > 0:
        decision = "undetermined"
    else:
        decision = "restricted" if certain else "permitted"
    waiting = {id(finding) for finding in open_}
    deciding = sorted((f for f in relevant if _decides(f, decision, waiting)), key=_weight)
    return Conclusion(
        decision,
        blocked and decision == "undetermined",
        tuple(deciding),
        _questions(open_, vocabulary),
        tuple(sorted({*_layers(open_), *unread})),
    )


def _is_open(finding: Finding) -> bool:
    # What rests on an article that was not verified is open until someone has read the text.
    return finding.outcome == "undetermined" or (finding.outcome == "applies" and not finding.verified)


def _certainly(finding: Finding) -> int:
    return (
        _CERTAIN.get(finding.decision or "permitted", 0) if finding.outcome == "applies" and not finding.blocked else 0
    )


def _potentially(finding: Finding) -> int:
    return max((_POTENTIAL.get(effect, 0) for effect in finding.possible_effects), default=0)


def _decides(finding: Finding, decision: Decision, waiting: set[int]) -> bool:
    if decision == "undetermined":
        return finding.blocked or id(finding) in waiting
    return finding.decision == decision


def _weight(finding: Finding) -> tuple[int, int, float, str]:
    # A block and a possible prohibition come first; then what is known to overlap most.
    return (-int(finding.blocked), -_potentially(finding), -(finding.overlap_m2 or 0.0), finding.rule)


def _questions(open_: list[Finding], vocabulary: Vocabulary) -> tuple[MissingFact, ...]:
    """Return the questions, those that could lead to a prohibition first, then those that most rules wait for."""
    asked: dict[str, list[Finding]] = {}
    for finding in open_:
        for fact in finding.missing_facts:
            asked.setdefault(fact, []).append(finding)
    order = sorted(asked, key=lambda name: (-max(map(_potentially, asked[name])), -len(asked[name]), name))
    return tuple(_question(name, asked[name], vocabulary) for name in order)


def _question(name: str, findings: list[Finding], vocabulary: Vocabulary) -> MissingFact:
    fact = vocabulary.facts[name]
    return MissingFact(fact=name, question=fact.question, why=tuple(sorted(finding.rule for finding in findings)))


def _layers(open_: list[Finding]) -> tuple[str, ...]:
    return tuple(sorted({layer for finding in open_ for layer in finding.missing_layers}))


def summarise(conclusion: Conclusion, titles: dict[str, Text], vocabulary: Vocabulary) -> Text:
    """Return the one sentence that carries the answer: what, where, how much, which rule.

    Parameters
    ----------
    titles
        Title of each layer.
    """
    if conclusion.decision == "permitted":
        return Text(
            "未发现禁止或限制性规则命中，有关图层均已核查。",
            "No prohibiting or restricting rule is hit; the layers concerned were all checked.",
        )
    if not conclusion.deciding and conclusion.missing_layers:
        layers = [titles.get(name, Text(name, name)) for name in conclusion.missing_layers]
        named = joined(layers)
        return Text(f"数据缺失，未核查：{named.zh}。", f"No data, not checked: {named.en}.")
    if not conclusion.deciding:
        return Text(
            "部分或全部范围不在任何辖区之内，或规则库没有收齐当日的规则：不能判定通过。",
            "A part or all of it lies outside every territory, or the rule base does not hold the rules of that day: "
            "it cannot be permitted.",
        )
    first = conclusion.deciding[0]
    more = len(conclusion.deciding) - 1
    more_zh = f"；另有 {more} 条规则" if more else ""
    more_en = f"; and {more} more" if more else ""
    reason = first.reasons[0]
    title = first.title
    if conclusion.decision != "undetermined":
        return Text(
            f"{reason.zh}：{title.zh}（{first.rule}）{more_zh}。",
            f"{_capital(reason.en)}: {title.en} ({first.rule}){more_en}.",
        )
    if conclusion.blocked:
        return Text(
            f"程序受阻：{title.zh}（{first.rule}）{more_zh}。",
            f"Blocked until done: {title.en} ({first.rule}){more_en}.",
        )
    waiting = _waiting(conclusion, titles, vocabulary)
    return Text(
        f"尚待{waiting.zh}，可能触及：{title.zh}（{first.rule}）{more_zh}。",
        f"{_capital(waiting.en)}; this could lead to: {title.en} ({first.rule}){more_en}.",
    )


def _waiting(conclusion: Conclusion, titles: dict[str, Text], vocabulary: Vocabulary) -> Text:
    parts: list[Text] = []
    if conclusion.missing_facts:
        facts = joined(vocabulary.facts[item.fact].title for item in conclusion.missing_facts[:_NAMED])
        more = " 等" if len(conclusion.missing_facts) > _NAMED else ""
        parts.append(Text(f"明确{facts.zh}{more}", f"not known: {facts.en}"))
    if conclusion.missing_layers:
        layers = joined(titles.get(name, Text(name, name)) for name in conclusion.missing_layers[:_NAMED])
        parts.append(Text(f"补齐或核实图层{layers.zh}", f"no certain data: {layers.en}"))
    return joined(parts, "，", "; ") if parts else Text("核实界线", "boundary to be surveyed")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
