"""Rules + situation -> findings: one per rule in force in the territory on the day, never fewer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from zoning.citations import Citation, Document
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.facts import Vocabulary
from zoning.rules.relations import decide_where
from zoning.rules.rule import STRICTNESS, Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.truth import TRUE, Answer, Place, Truth, strongest
from zoning.rules.verdict import CitationEntry, Decision, Effect, Finding, Outcome
from zoning.texts import Text

_DECISION_OF: dict[Effect, Decision] = {"restrict": "restricted", "prohibit": "prohibited"}
Effects = tuple[tuple[Effect | Literal["none"], Text | None], ...]
ANYWHERE = Place(Truth.TRUE, Text("适用于整个辖区", "holds in the whole territory"))
UNVERIFIED = Text(
    "依据的条文待核实，不单独作为结论：请对照正式公布的文本",
    "the article is not verified and never decides alone: compare it with the official text",
)


def judge(rulebook: Rulebook, situation: Situation) -> tuple[Finding, ...]:
    """Apply every rule in force in the situation's territory on its day, ordered by rule id."""
    rules = rulebook.in_force(situation.on, situation.territory)
    findings = [apply_rule(rule, situation, rulebook) for rule in rules]
    return _after_overrides(rules, findings)


def _after_overrides(rules: tuple[Rule, ...], findings: list[Finding]) -> tuple[Finding, ...]:
    """Let rules step back where a rule applies that says so: special before general, later before earlier."""
    stronger = {
        override.rule: rule.id
        for rule, finding in zip(rules, findings, strict=True)
        if rule.overrides and finding.outcome == "applies" and finding.verified and not finding.blocked
        for override in rule.overrides
    }
    if not stronger:
        return tuple(findings)
    return tuple(
        f.model_copy(update={"overridden_by": stronger[f.rule], "decision": None})
        if f.rule in stronger and f.outcome != "does_not_apply"
        else f
        for f in findings
    )


def unread_layers(rulebook: Rulebook, situation: Situation) -> frozenset[str]:
    """Return the layers without data here that a rule in force which can prohibit or restrict speaks of."""
    return frozenset(
        where.layer
        for rule in rulebook.in_force(situation.on, situation.territory)
        if rule.scope != "baseline" and any(effect in _DECISION_OF for effect in rule.effects)
        for where in rule.places
        if _is_unread(situation.overlaps.get(where.layer))
    )


def _is_unread(overlap: LayerOverlap | None) -> bool:
    # A site that touches a zone here can still lie partly where the layer has no data.
    return overlap is None or overlap.status == "no_data" or overlap.uncovered_m2 > 0


def apply_rule(rule: Rule, situation: Situation, rulebook: Rulebook) -> Finding:
    """Apply one rule: does it hold here, do the facts meet its condition, what is left of its effect."""
    values = rule.values_on(situation.on)
    place = decide_place(rule, situation, values)
    fact = rule.when.decide(situation, values) if rule.when else TRUE
    possible = _effects(rule, situation, values)
    truth = _together(place.truth, fact.truth)
    outcome, effect, real = _outcome(rule, truth, possible.effects)
    blocked = outcome == "applies" and rule.curable is not None and effect == "prohibit"
    verified = rulebook.is_verified(rule)
    open_ = outcome == "undetermined"
    missing = tuple(dict.fromkeys((*fact.missing, *possible.asked))) if open_ else ()
    shown = place if place.layer is not None else (strongest(fact.places) or place)
    decision = _decision(rule, outcome, effect, blocked=blocked, verified=verified)
    conditions = _conditions(rule, possible.effects) if outcome != "does_not_apply" else ()
    return Finding(
        rule=rule.id,
        title=rule.title,
        territory=situation.territory,
        scope=rule.scope,
        effect=effect,
        outcome=outcome,
        decision=decision,
        possible_effects=real if open_ or decision == "undetermined" else (),
        blocked=blocked,
        verified=verified,
        layer=shown.layer,
        class_=shown.class_id,
        overlap_m2=_rounded(shown.overlap_m2),
        share=_rounded(shown.share, 8),
        distance_m=_rounded(shown.distance_m, 3),
        missing_facts=missing,
        missing_layers=_missing_layers(place, fact, possible) if open_ else (),
        conditions=(*conditions, UNVERIFIED) if decision is not None and not verified else conditions,
        reasons=_reasons(rule, shown, truth, possible.effects, missing, rulebook.vocabulary),
        citation=_cite(rule.citation, rule, rulebook.documents),
        also=tuple(_cite(citation, rule, rulebook.documents) for citation in rule.citations[1:]),
        superseded_by=rule.superseded_by,
        overridden_by=None,
    )


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
    if rule.scope == "baseline" or outcome == "does_not_apply" or effect not in _DECISION_OF:
        return None
    if outcome == "undetermined" or blocked or not verified:
        return "undetermined"
    return _DECISION_OF[effect]


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
    reasons = [place.reason]
    if truth is Truth.FALSE:
        reasons.append(Text("项目事实不符合规则的条件", "the facts do not meet the condition of the rule"))
    elif missing:
        zh = "、".join(vocabulary.facts[name].title.zh for name in missing)
        en = ", ".join(vocabulary.facts[name].title.en for name in missing)
        reasons.append(Text(f"尚不知道：{zh}", f"not known: {en}"))
    elif len(effects) == 1 and effects[0][0] != rule.effect:
        reasons.append(Text("符合规则的但书", "a proviso of the rule holds"))
    return tuple(reasons)


def _cite(citation: Citation, rule: Rule, documents: Mapping[str, Document]) -> CitationEntry:
    document = documents[citation.document]
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
