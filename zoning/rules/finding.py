"""One rule + situation -> finding: does it hold here, do the facts meet its condition, what is left of its effect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from zoning.rules.conditions import AtPlace, leaves
from zoning.rules.facts import Vocabulary
from zoning.rules.relations import decide_where
from zoning.rules.rule import STRICTNESS, Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.truth import TRUE, Answer, Place, Truth, strongest
from zoning.rules.verdict import CitationEntry, Decision, Effect, Finding, Outcome
from zoning.texts import Text, joined

DECISION_OF: dict[Effect, Decision] = {"restrict": "restricted", "prohibit": "prohibited"}
Effects = tuple[tuple[Effect | Literal["none"], Text | None], ...]
ANYWHERE = Place(Truth.TRUE, Text("适用于整个辖区", "holds in the whole territory"))
NOT_LOOKED_AT = Place(Truth.UNKNOWN, Text("", ""))
NOT_MET = Text("项目事实不符合规则的条件", "the facts do not meet the condition of the rule")
PROVISO = Text("符合规则的但书", "a proviso of the rule holds")
UNVERIFIED = Text(
    "依据的条文待核实，不单独作为结论：请对照正式公布的文本",
    "the article is not verified and never decides alone: compare it with the official text",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What of a rule does not change from site to site: its figures on the day, and where it stands."""

    rule: Rule
    values: Mapping[str, str]
    cited: tuple[CitationEntry, ...]
    vocabulary: Vocabulary
    asks_facts_only: bool
    places_in_where_only: bool
    places_key: str

    @classmethod
    def of(cls, rule: Rule, situation: Situation, rulebook: Rulebook) -> "Prepared":
        """Prepare a rule for the day of a situation."""
        cited = tuple(_cite(rule, index, rulebook) for index in range(len(rule.citations)))
        asked = () if rule.when is None else tuple(leaves(rule.when))
        facts_only = bool(asked) and not any(isinstance(leaf, AtPlace) for leaf in asked)
        plain = len(rule.places) == len(rule.where)
        values = rule.values_on(situation.on)
        # Rules that name the same places, and no figures, share one answer for a site.
        key = "|".join(where.model_dump_json() for where in rule.where) + (
            f"|{sorted(values.items())}" if values else ""
        )
        return cls(rule, values, cited, rulebook.vocabulary, facts_only, plain, key)

    def answer(self, situation: Situation) -> Answer:
        """Decide the condition of the rule."""
        return TRUE if self.rule.when is None else self.rule.when.decide(situation, self.values)


def apply_rule(rule: Rule, situation: Situation, rulebook: Rulebook) -> Finding:
    """Apply one rule to a site."""
    return apply_prepared(Prepared.of(rule, situation, rulebook), situation)


@dataclass(frozen=True, slots=True)
class Side:
    """What of a finding does not depend on what was measured, once it is known whether the place holds.

    `latest`: the last finding that was made of it, with the place that it is about: sites that lie clear of the same
    zones, or whole in them, have equal ones.
    """

    truth: Truth
    outcome: Outcome
    effect: Effect
    possible: "_Possible"
    possible_effects: tuple[Effect, ...]
    blocked: bool
    decision: Decision | None
    missing: tuple[str, ...]
    conditions: tuple[Text, ...]
    latest: "list[tuple[Place, Finding]]" = field(default_factory=list, compare=False)


def apply_prepared(
    prepared: Prepared,
    situation: Situation,
    fact: Answer | None = None,
    sides: dict[Truth, Side] | None = None,
    places: dict[str, Place] | None = None,
) -> Finding:
    """Apply a prepared rule to a site.

    Parameters
    ----------
    fact
        The answer of its condition, where that is known already.
    sides
        What was found for other sites with the same facts, of a rule that names places in `where` only; it is added to.
    places
        What was found for other rules on the same site; it is added to.
    """
    fact = prepared.answer(situation) if fact is None else fact
    # Where the facts settle it, the place is not looked at: the answer is the same for every site.
    unmet = prepared.asks_facts_only and fact.truth is Truth.FALSE
    place = NOT_LOOKED_AT if unmet else _place(prepared, situation, places)
    side = None if sides is None else sides.get(place.truth)
    if side is None:
        side = _side(prepared, situation, place, fact)
        if sides is not None:
            sides[place.truth] = side
    for known, found in side.latest:
        if known == place:
            return found
    found = _finding(prepared, situation.territory, place, fact, side)
    side.latest[:] = [(place, found)]
    return found


def _finding(prepared: Prepared, territory: str, place: Place, fact: Answer, side: Side) -> Finding:
    rule = prepared.rule
    shown = place if place.layer is not None else (strongest(fact.places) or place)
    open_ = side.outcome == "undetermined"
    return Finding(
        rule=rule.id,
        title=rule.title,
        territory=territory,
        scope=rule.scope,
        effect=side.effect,
        outcome=side.outcome,
        decision=side.decision,
        possible_effects=side.possible_effects,
        blocked=side.blocked,
        verified=prepared.cited[0].verified,
        layer=shown.layer,
        class_=shown.class_id,
        overlap_m2=_rounded(shown.overlap_m2),
        share=_rounded(shown.share, 8),
        distance_m=_rounded(shown.distance_m, 3),
        missing_facts=side.missing,
        missing_layers=_missing_layers(place, fact, side.possible) if open_ else (),
        conditions=side.conditions,
        reasons=_reasons(rule, shown, side.truth, side.possible.effects, side.missing, prepared.vocabulary),
        citation=prepared.cited[0],
        also=prepared.cited[1:],
        superseded_by=rule.superseded_by,
        overridden_by=None,
    )


def _side(prepared: Prepared, situation: Situation, place: Place, fact: Answer) -> Side:
    rule, verified = prepared.rule, prepared.cited[0].verified
    possible = _effects(rule, situation, prepared.values)
    truth = _together(place.truth, fact.truth)
    outcome, effect, real = _outcome(rule, truth, possible.effects)
    blocked = outcome == "applies" and rule.curable is not None and effect == "prohibit"
    decision = _decision(rule, outcome, effect, blocked=blocked, verified=verified)
    open_ = outcome == "undetermined"
    conditions = _conditions(rule, possible.effects) if outcome != "does_not_apply" else ()
    return Side(
        truth=truth,
        outcome=outcome,
        effect=effect,
        possible=possible,
        possible_effects=real if open_ or decision == "undetermined" else (),
        blocked=blocked,
        decision=decision,
        missing=tuple(dict.fromkeys((*fact.missing, *possible.asked))) if open_ else (),
        conditions=(*conditions, UNVERIFIED) if decision is not None and not verified else conditions,
    )


def _place(prepared: Prepared, situation: Situation, places: dict[str, Place] | None) -> Place:
    if places is None:
        return decide_place(prepared.rule, situation, prepared.values)
    found = places.get(prepared.places_key)
    if found is None:
        found = places[prepared.places_key] = decide_place(prepared.rule, situation, prepared.values)
    return found


def decide_place(rule: Rule, situation: Situation, values: Mapping[str, str]) -> Place:
    """Return the strongest answer of the rule's places: true before unknown before false.

    Among equals the larger overlap counts, so that the finding names the zone that matters.
    """
    places = [decide_where(where, situation, values) for where in rule.where]
    return strongest(places) or ANYWHERE


def _missing_layers(place: Place, fact: Answer, effects: "_Possible") -> tuple[str, ...]:
    named = (place, *fact.places, *effects.places)
    layers = (found.missing_layer for found in named if found.truth is Truth.UNKNOWN and found.missing_layer)
    return tuple(dict.fromkeys(layers))


@dataclass(frozen=True, slots=True)
class _Possible:
    """The effects that are possible after the provisos, and the facts and places that would settle them."""

    effects: Effects
    asked: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


def _effects(rule: Rule, situation: Situation, values: Mapping[str, str]) -> _Possible:
    if not rule.provisos:
        return _Possible(((rule.effect, rule.condition),))
    possible: list[tuple[Effect | Literal["none"], Text | None]] = []
    asked: list[str] = []
    places: list[Place] = []
    for when, proviso in zip(rule.rows, rule.provisos, strict=True):
        answer = when.decide(situation, values)
        if answer.truth is Truth.FALSE:
            continue
        possible.append((proviso.effect, proviso.condition))
        if answer.truth is Truth.TRUE:
            return _Possible(tuple(possible), tuple(asked), tuple(places))
        asked.extend(answer.missing)
        places.extend(answer.places)
    return _Possible((*possible, (rule.effect, rule.condition)), tuple(dict.fromkeys(asked)), tuple(places))


def _together(place: Truth, fact: Truth) -> Truth:
    if Truth.FALSE in (place, fact):
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in (place, fact) else Truth.TRUE


def _outcome(rule: Rule, truth: Truth, effects: Effects) -> tuple[Outcome, Effect, tuple[Effect, ...]]:
    names = tuple(dict.fromkeys(name for name, _ in effects))
    real: tuple[Effect, ...] = tuple(name for name in names if name != "none")
    if truth is Truth.FALSE or not real:
        # A finding that does not apply still shows what the rule would do.
        return "does_not_apply", rule.effect, ()
    strictest = max(real, key=lambda name: STRICTNESS[name])
    if truth is Truth.UNKNOWN or len(names) > 1:
        return "undetermined", strictest, real
    return "applies", strictest, real


def _decision(rule: Rule, outcome: Outcome, effect: Effect, *, blocked: bool, verified: bool) -> Decision | None:
    if rule.scope == "baseline" or outcome == "does_not_apply" or effect not in DECISION_OF:
        return None
    if outcome == "undetermined" or blocked or not verified:
        return "undetermined"
    return DECISION_OF[effect]


def _conditions(rule: Rule, effects: Effects) -> tuple[Text, ...]:
    texts = [text for _, text in effects if text is not None]
    if rule.curable is not None:
        texts.append(rule.curable)
    return tuple(dict.fromkeys(texts))


def _reasons(
    rule: Rule, place: Place, truth: Truth, effects: Effects, missing: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[Text, ...]:
    if truth is Truth.FALSE and place.truth is Truth.FALSE:
        return (place.reason,)
    if place is NOT_LOOKED_AT:
        return (NOT_MET,)
    reasons = [place.reason]
    if truth is Truth.FALSE:
        reasons.append(NOT_MET)
    elif missing:
        named = joined(vocabulary.facts[name].title for name in missing)
        reasons.append(Text(f"尚不知道：{named.zh}", f"not known: {named.en}"))
    elif len(effects) == 1 and effects[0][0] != rule.effect:
        reasons.append(PROVISO)
    return tuple(reasons)


def _cite(rule: Rule, index: int, rulebook: Rulebook) -> CitationEntry:
    citation = rule.citations[index]
    document = rulebook.documents[citation.document]
    return CitationEntry(
        document=citation.document,
        title=document.title,
        number=document.number,
        issuer=document.issuer,
        section=citation.section,
        lines=citation.lines,
        anchor=citation.anchor,
        weight=document.weight,
        verified=citation.verified and document.verified,
        in_force_from=rule.in_force.from_,
    )


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
