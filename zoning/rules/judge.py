"""Rules + situation -> findings: one per rule in force in the territory on the day, never fewer."""

from typing import Literal

from zoning.citations import Document
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.conditions import TRUE, Answer, Truth, strictly
from zoning.rules.facts import Vocabulary
from zoning.rules.relations import Place, Situation, decide_place
from zoning.rules.rulebook import Rule, Rulebook
from zoning.rules.verdict import CitationEntry, Decision, Effect, Finding, Outcome
from zoning.texts import Text

_STRICTNESS: dict[Effect, int] = {"encourage": 0, "require": 1, "restrict": 2, "prohibit": 3}
_DECISION_OF: dict[Effect, Decision] = {"restrict": "restricted", "prohibit": "prohibited"}
Effects = tuple[tuple[Effect | Literal["none"], Text | None], ...]


def judge(rulebook: Rulebook, situation: Situation) -> tuple[Finding, ...]:
    """Apply every rule in force in the situation's territory on its day, ordered by rule id."""
    rules = rulebook.in_force(situation.on, situation.territory)
    return tuple(apply_rule(rule, situation, rulebook) for rule in rules)


def unread_layers(rulebook: Rulebook, situation: Situation) -> frozenset[str]:
    """Return the layers without data here that a rule in force which can prohibit or restrict speaks of."""
    return frozenset(
        where.layer
        for rule in rulebook.in_force(situation.on, situation.territory)
        if rule.scope != "baseline" and any(effect in _DECISION_OF for effect in rule.effects)
        for where in rule.where
        if _is_unread(situation.overlaps.get(where.layer))
    )


def _is_unread(overlap: LayerOverlap | None) -> bool:
    # A site that touches a zone here can still lie partly where the layer has no data.
    return overlap is None or overlap.status == "no_data" or overlap.uncovered_m2 > 0


def apply_rule(rule: Rule, situation: Situation, rulebook: Rulebook) -> Finding:
    """Apply one rule: does it hold here, do the facts meet its condition, what is left of its effect."""
    values = {name: rule.value(name, situation.on) or "" for name in rule.values}
    place = decide_place(rule, situation)
    fact = rule.when.decide(situation.facts, values) if rule.when else TRUE
    effects, asked = _effects(rule, situation, values)
    truth = _together(place.truth, fact.truth)
    outcome, effect, possible = _outcome(rule, truth, effects)
    blocked = outcome == "applies" and rule.curable is not None and effect == "prohibit"
    missing = _missing_facts(outcome, place, fact, asked)
    applied = outcome != "does_not_apply"
    return Finding(
        rule=rule.id,
        title=rule.title,
        territory=situation.territory,
        scope=rule.scope,
        effect=effect,
        outcome=outcome,
        decision=_decision(rule, outcome, effect, blocked=blocked),
        possible_effects=possible if outcome == "undetermined" else (),
        blocked=blocked,
        layer=place.layer,
        class_=place.class_id,
        overlap_m2=_rounded(place.overlap_m2),
        share=_rounded(place.share, 8),
        distance_m=_rounded(place.distance_m, 3),
        missing_facts=missing,
        missing_layers=(place.missing_layer,) if place.missing_layer and outcome == "undetermined" else (),
        conditions=_conditions(rule, effects) if applied else (),
        reasons=_reasons(rule, place, fact, effects, missing, rulebook.vocabulary),
        citation=_cite(rule, rulebook.documents[rule.document]),
        superseded_by=rule.superseded_by,
    )


def _effects(rule: Rule, situation: Situation, values: dict[str, str]) -> tuple[Effects, tuple[str, ...]]:
    """Return the effects that are possible after the provisos, and the facts that would settle them."""
    possible: list[tuple[Effect | Literal["none"], Text | None]] = []
    asked: list[str] = []
    for proviso in rule.provisos:
        softer = proviso.effect == "none" or _STRICTNESS[proviso.effect] < _STRICTNESS[rule.effect]
        answer = strictly(proviso.when, binds=not softer).decide(situation.facts, values)
        if answer.truth is Truth.FALSE:
            continue
        possible.append((proviso.effect, proviso.condition))
        if answer.truth is Truth.TRUE:
            return tuple(possible), tuple(asked)
        asked.extend(answer.missing)
    return (*possible, (rule.effect, rule.condition)), tuple(dict.fromkeys(asked))


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
    strictest = max(real, key=lambda name: _STRICTNESS[name])
    if truth is Truth.UNKNOWN or len(names) > 1:
        return "undetermined", strictest, real
    return "applies", strictest, real


def _decision(rule: Rule, outcome: Outcome, effect: Effect, *, blocked: bool) -> Decision | None:
    if rule.scope == "baseline" or outcome == "does_not_apply" or effect not in _DECISION_OF:
        return None
    if outcome == "undetermined" or blocked:
        return "undetermined"
    return _DECISION_OF[effect]


def _missing_facts(outcome: Outcome, place: Place, fact: Answer, asked: tuple[str, ...]) -> tuple[str, ...]:
    if outcome != "undetermined":
        return ()
    missing = (*fact.missing, *asked) if place.truth is not Truth.FALSE else ()
    return tuple(dict.fromkeys(missing))


def _conditions(rule: Rule, effects: Effects) -> tuple[Text, ...]:
    texts = [text for _, text in effects if text is not None]
    if rule.curable is not None:
        texts.append(rule.curable)
    return tuple(dict.fromkeys(texts))


def _reasons(
    rule: Rule, place: Place, fact: Answer, effects: Effects, missing: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[Text, ...]:
    reasons = [place.reason]
    if place.truth is Truth.FALSE:
        return tuple(reasons)
    if fact.truth is Truth.FALSE:
        reasons.append(Text("项目事实不符合规则的条件", "the facts do not meet the condition of the rule"))
    elif missing:
        zh = "、".join(vocabulary.facts[name].title.zh for name in missing)
        en = ", ".join(vocabulary.facts[name].title.en for name in missing)
        reasons.append(Text(f"尚不知道：{zh}", f"not known: {en}"))
    elif len(effects) == 1 and effects[0][0] != rule.effect:
        reasons.append(Text("符合规则的但书", "a proviso of the rule holds"))
    return tuple(reasons)


def _cite(rule: Rule, document: Document) -> CitationEntry:
    return CitationEntry(
        document=rule.citation.document,
        title=document.title,
        number=document.number,
        issuer=document.issuer,
        section=rule.citation.section,
        lines=rule.citation.lines,
        anchor=rule.citation.anchor,
        weight=document.weight,
        in_force_from=rule.in_force.from_,
    )


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
