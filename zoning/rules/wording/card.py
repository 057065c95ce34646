"""Everything that is known of one rule, in words: for the screen, the table of the lawyer, and the manual."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from zoning.citations import Citation, Document
from zoning.layers.catalogue import Catalogue
from zoning.rules.rule import Override, Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.wording.sentences import Parts, any_place_text, condition_parts, condition_text, dates_text
from zoning.rules.wording.territories import territories_text
from zoning.rules.wording.words import EFFECTS, NO_EFFECT, SCOPES, UNVERIFIED, WEIGHTS, effect_text, unit_text
from zoning.texts import Text

_LONG = 70
"""Characters of a condition from which on its parts are listed."""


@dataclass(frozen=True, slots=True)
class ProvisoWords:
    """A proviso: when it holds, what the effect becomes, under which condition."""

    when: Text
    effect: Text
    condition: Text | None


@dataclass(frozen=True, slots=True)
class ValueWords:
    """One figure of a rule from one day on; `holds` on the day that is meant."""

    name: str
    title: Text
    value: Text
    since: date
    source: Text
    holds: bool


@dataclass(frozen=True, slots=True)
class CitationWords:
    """One place in a document that a rule rests on."""

    citation: Citation
    document: Document
    verified: bool

    @property
    def text(self) -> Text:
        """Issuer, number, title, weight and place, with the mark of what is not verified."""
        document, at = self.document, self.citation
        number = f"{document.number} " if document.number else ""
        lines = f" {at.lines}" if at.lines else ""
        zh = f"{document.issuer.zh} {number}《{document.title.zh.strip('《》')}》（{WEIGHTS[document.weight].zh}）"
        en = f"{document.issuer.en}: {number}{document.title.en} ({WEIGHTS[document.weight].en})"
        anchor_zh, anchor_en = (f"「{at.anchor}」", f" “{at.anchor}”") if at.anchor else ("", "")
        mark_zh, mark_en = ("", "") if self.verified else (f"（{UNVERIFIED.zh}）", f" ({UNVERIFIED.en})")
        return Text(f"{zh}{at.section}{lines}{anchor_zh}{mark_zh}", f"{en}, {at.section}{lines}{anchor_en}{mark_en}")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A rule before or after this one: the one that took the other's place."""

    rule: Rule
    later: bool


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule in words.

    Attributes
    ----------
    verified
        False: the rule is 待核实 and never decides alone.
    where, when
        None where the rule asks for no place, or for nothing else.
    when_parts
        The parts of a condition that is too long for one sentence.
    overrides, overridden_by
        Rules that step back where this one applies, and those for which it steps back: id and reason.
    """

    rule: Rule
    document: Document
    verified: bool
    scope: Text
    where: Text | None
    when: Text | None
    when_parts: Parts | None
    effect: Text
    provisos: tuple[ProvisoWords, ...]
    dates: Text
    territories: Text
    values: tuple[ValueWords, ...]
    citations: tuple[CitationWords, ...]
    overrides: tuple[tuple[str, Text], ...]
    overridden_by: tuple[tuple[str, Text], ...]
    history: tuple[HistoryEntry, ...]


def describe(
    rule: Rule, rulebook: Rulebook, catalogue: Catalogue, names: Mapping[str, Text], on: date | None = None
) -> RuleCard:
    """Put a rule into words.

    Parameters
    ----------
    names
        Names of territories by code.
    on
        The day whose figures are named in the sentences; the last of the rule where it is left out, or before or
        after the days of the rule.
    """
    day = _day_of(rule, on)
    values = rule.values_on(day)
    words = rulebook.vocabulary
    when = None if rule.when is None else condition_text(rule.when, words, catalogue, values)
    long = rule.when is not None and when is not None and len(when.zh) >= _LONG
    return RuleCard(
        rule=rule,
        document=rulebook.documents[rule.citation.document],
        verified=rulebook.is_verified(rule),
        scope=SCOPES[rule.scope],
        where=any_place_text(rule.where, catalogue, values),
        when=when,
        when_parts=condition_parts(rule.when, words, catalogue, values) if rule.when is not None and long else None,
        effect=EFFECTS[rule.effect],
        provisos=tuple(
            ProvisoWords(condition_text(when, words, catalogue, values), effect_text(proviso.effect), proviso.condition)
            for when, proviso in zip(rule.rows, rule.provisos, strict=True)
        ),
        dates=dates_text(rule.in_force),
        territories=territories_text(rule.territories, names),
        values=tuple(_values(rule, day)),
        citations=tuple(_citations(rule, rulebook)),
        overrides=tuple((other.rule, _because(other)) for other in rule.overrides),
        overridden_by=tuple(_stronger(rule, rulebook)),
        history=history(rule, rulebook),
    )


def rule_text(card: RuleCard) -> Text:
    """Return the whole rule as one paragraph: place, condition, effect, provisos."""
    zh: list[str] = []
    en: list[str] = []
    for label, text in ((Text("地点", "Where"), card.where), (Text("条件", "When"), card.when)):
        if text is not None:
            zh.append(f"{label.zh}：{text.zh}。")
            en.append(f"{label.en}: {text.en}.")
    if not zh:
        zh.append("全辖区适用。")
        en.append("Holds in the whole territory.")
    condition = _after_colon(card.rule.condition)
    zh.append(f"效力：{card.effect.zh}{condition.zh}。")
    en.append(f"Effect: {card.effect.en}{condition.en}.")
    for proviso in card.provisos:
        text = proviso_text(proviso)
        zh.append(f"但书：{text.zh}。")
        en.append(f"Proviso: {text.en}.")
    return Text("".join(zh), " ".join(en))


def proviso_text(proviso: ProvisoWords) -> Text:
    """Return a proviso as a sentence: 建设目的仅限于供水的，本条不适用."""
    condition = _after_colon(proviso.condition)
    effect = proviso.effect
    if effect != NO_EFFECT:
        effect = Text(f"改为{effect.zh}", f"{effect.en} instead")
    return Text(
        f"{proviso.when.zh}的，{effect.zh}{condition.zh}", f"where {proviso.when.en}: {effect.en}{condition.en}"
    )


def when_lines(card: RuleCard) -> Text | None:
    """Return the condition, the parts of a long one on lines of their own."""
    parts = card.when_parts
    if parts is None:
        return card.when
    zh = [f"{number}. {text.zh}" for number, text in enumerate(parts.texts, start=1)]
    en = [f"{number}. {text.en}" for number, text in enumerate(parts.texts, start=1)]
    return Text("\n".join([f"{parts.heading.zh}：", *zh]), "\n".join([f"{parts.heading.en}:", *en]))


def history(rule: Rule, rulebook: Rulebook) -> tuple[HistoryEntry, ...]:
    """Return the rules before and after this one, in the order of their days; each once, however they are linked."""
    entries: dict[str, HistoryEntry] = {}

    def before(later: Rule) -> None:
        for other in rulebook.rules:
            if other.superseded_by == later.id and other.id not in entries and other.id != rule.id:
                entries[other.id] = HistoryEntry(other, later=False)
                before(other)

    before(rule)
    following = rulebook.get(rule.superseded_by or "")
    while following is not None and following.id not in entries and following.id != rule.id:
        entries[following.id] = HistoryEntry(following, later=True)
        following = rulebook.get(following.superseded_by or "")
    return tuple(sorted(entries.values(), key=lambda entry: (entry.later, entry.rule.in_force.from_, entry.rule.id)))


def state_text(rule: Rule, on: date) -> Text:
    """Tell whether a rule is in force on a day."""
    if on < rule.in_force.from_:
        return Text(f"{on} 尚未生效", f"not yet in force on {on}")
    if rule.in_force.covers(on):
        return Text(f"{on} 有效", f"in force on {on}")
    return Text(f"{on} 已失效", f"no longer in force on {on}")


def _day_of(rule: Rule, on: date | None) -> date:
    last = max((start for parameter in rule.values.values() for start in parameter.in_force), default=date.min)
    newest = max(rule.in_force.from_, last)
    if on is None:
        return min(newest, rule.in_force.to or newest)
    return max(rule.in_force.from_, min(on, rule.in_force.to or on))


def _values(rule: Rule, day: date) -> Iterator[ValueWords]:
    for name, parameter in rule.values.items():
        starts = sorted(parameter.in_force)
        current = max((start for start in starts if start <= day), default=None)
        unit = unit_text(parameter.unit)
        for start in starts:
            dated = parameter.in_force[start]
            # A length stands there with its unit, a plain number without.
            plain = dated.value.replace(".", "", 1).isdigit()
            value = Text(f"{dated.value} {unit.zh}", f"{dated.value} {unit.en}") if plain else Text(*[dated.value] * 2)
            yield ValueWords(name, parameter.title, value, start, dated.source, start == current)


def _citations(rule: Rule, rulebook: Rulebook) -> Iterator[CitationWords]:
    for citation in rule.citations:
        document = rulebook.documents[citation.document]
        yield CitationWords(citation, document, citation.verified and document.verified)


def _stronger(rule: Rule, rulebook: Rulebook) -> Iterator[tuple[str, Text]]:
    for other in rulebook.rules:
        for override in other.overrides:
            if override.rule == rule.id:
                yield other.id, _because(override)


def _because(override: Override) -> Text:
    return Text(f"{override.because.zh}（{override.section}）", f"{override.because.en} ({override.section})")


def _after_colon(condition: Text | None) -> Text:
    if condition is None:
        return Text("", "")
    return Text(f"：{condition.zh.rstrip('。.')}", f": {condition.en.rstrip('.')}")


def value_texts(card: RuleCard, between: Text) -> Iterator[Text]:
    """Yield the figures of a rule: what each is, since when, and where that stands."""
    for value in card.values:
        yield Text(
            f"{value.title.zh} = {value.value.zh}（自 {value.since} 起{between.zh}{value.source.zh}）",
            f"{value.title.en} = {value.value.en} (from {value.since}{between.en}{value.source.en})",
        )
