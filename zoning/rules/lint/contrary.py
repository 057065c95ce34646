"""Pairs of rules that pull in opposite directions: one prohibits what the other encourages, or expressly lifts.

The strictest rule wins by default. That goes without saying where the stricter one has the higher rank (a law over a
plan), or speaks of a place while the milder one speaks of the whole territory. Every other pair someone has to have
seen: it stands in `rules/precedence.yaml`, or one of the rules overrides the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from zoning.citations import Weight
from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Condition, Not, OneOf, leaves
from zoning.rules.lint.dates import share_a_day, share_a_territory
from zoning.rules.lint.rule_base import Fault, RuleBase, grounds, rows
from zoning.rules.rule import Rule
from zoning.texts import Text

_RANKS: dict[Weight, int] = {"scheme": 0, "plan": 0, "policy": 1, "regulation": 2, "law": 3}
_MOST_NAMED = 4
_SEVERAL = ("choices", "code")
"""Kinds of facts whose words name what a project is; the others say how it is."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """When a rule has an effect: what must hold, the words that it names, all that it asks for; `lifts`: has none."""

    holds: AllOf
    words: Mapping[str, frozenset[str]]
    facts: frozenset[str]
    layers: frozenset[str]
    lifts: bool


def examine_pairs(base: RuleBase) -> Iterator[Fault]:
    """Yield pairs that pull in opposite directions without a word on which goes first, and entries without a use."""
    named = {pair for entry in base.precedence.pairs for pair in entry.pairs()}
    found: set[frozenset[str]] = set()
    rules = [rule for rule in base.rulebook.rules if rule.scope != "baseline"]
    milder = [rule for rule in rules if not rule.effects.isdisjoint(("encourage", "none"))]
    for strict in (rule for rule in rules if "prohibit" in rule.effects):
        for mild in milder:
            if (
                mild is strict
                or _settled(base, strict, mild)
                or not share_a_day(strict, mild)
                or not share_a_territory(strict, mild)
            ):
                continue
            told = _contrary(base, strict, mild)
            if told is None:
                continue
            pair = frozenset((strict.id, mild.id))
            if pair not in named and pair not in found:
                yield base.fault("contrary", mild, ("effect",), told)
            found.add(pair)
    yield from _idle(base, found)


def _idle(base: RuleBase, found: set[frozenset[str]]) -> Iterator[Fault]:
    for index, entry in enumerate(base.precedence.pairs):
        unknown = next((name for name in entry.named() if base.rulebook.get(name) is None), None)
        idle = next((pair for pair in entry.pairs() if pair not in found), None)
        if unknown is not None:
            text = Text(
                f"没有规则“{unknown}”；请改正或删去", f"there is no rule '{unknown}': correct it, or take it out"
            )
        elif idle is not None:
            one, other = sorted(idle)
            text = Text(
                f"{one} 与 {other} 并不相反；请从这一项删去",
                f"{one} and {other} do not pull in opposite directions: take them out",
            )
        else:
            continue
        yield base.fault_in("idle-precedence", "precedence.yaml", ("pairs", index), text)


def _contrary(base: RuleBase, strict: Rule, mild: Rule) -> Text | None:
    day = max(strict.in_force.from_, mild.in_force.from_)
    for wanted in ("encourage", "none"):
        if wanted not in mild.effects:
            continue
        one, other = _reading(base, strict, day, "prohibit"), _reading(base, mild, day, wanted)
        shared = _shared(one, other)
        if shared is None:
            continue
        only = [OneOf(fact, tuple(sorted(words)), every=True) for fact, words in shared.items()]
        if not base.worlds.surely_can_hold(one.holds, other.holds, *only):
            continue
        said = ", ".join(_few(sorted(word for words in shared.values() for word in words)))
        about_zh, about_en = (f"（{said}）", f" ({said})") if said else ("", "")
        does_zh, does_en = ("鼓励", "encourages") if wanted == "encourage" else ("的但书放行", "lifts by a proviso")
        return Text(
            f"{mild.id} {does_zh}的情形{about_zh}，{strict.id} 禁止，而没有写明先后；默认从严，"
            "请在 rules/precedence.yaml 写明理由，或在其中一条写 overrides",
            f"{strict.id} prohibits what {mild.id} {does_en}{about_en}, and nothing says which goes first; the "
            "stricter one wins: say why in rules/precedence.yaml, or write 'overrides' in one of them",
        )
    return None


def _few(words: list[str]) -> list[str]:
    return words if len(words) <= _MOST_NAMED else [*words[:_MOST_NAMED], "…"]


def _reading(base: RuleBase, rule: Rule, day: date, effect: str) -> _Reading:
    ground, provisos = grounds(rule, day), rows(rule, day)
    ways: list[Condition] = [
        AllOf((*map(Not, provisos[:index]), row))
        for index, row in enumerate(provisos)
        if rule.provisos[index].effect == effect
    ]
    if rule.effect == effect:
        ways.append(AllOf(tuple(Not(row) for row in provisos)))
    holds = AllOf((*ground, AnyOf(tuple(ways))))
    # What is named positively; the rows before only take away. What is lifted is what the row itself names.
    own = [row for row, p in zip(provisos, rule.provisos, strict=True) if p.effect == effect]
    positive = own if effect == "none" else [*ground, *own]
    words: dict[str, frozenset[str]] = {}
    told = [leaf for part in positive for leaf in leaves(part)]
    for leaf in told:
        fact = None if isinstance(leaf, AtPlace) else base.rulebook.vocabulary.facts.get(leaf.fact)
        if isinstance(leaf, OneOf) and fact is not None and fact.kind in _SEVERAL:
            words[leaf.fact] = words.get(leaf.fact, frozenset()) | set(leaf.words)
    facts = frozenset(leaf.fact for leaf in told if not isinstance(leaf, AtPlace))
    layers = frozenset(leaf.where.layer for leaf in told if isinstance(leaf, AtPlace))
    return _Reading(holds, words, facts, layers | {where.layer for where in rule.where}, effect == "none")


def _shared(strict: _Reading, mild: _Reading) -> dict[str, frozenset[str]] | None:
    """Return the words that both name; None where they do not speak of the same thing."""
    if strict.layers and not mild.layers and not mild.lifts:
        return None
    common = {fact: strict.words[fact] & words for fact, words in mild.words.items() if fact in strict.words}
    if not all(common.values()):
        return None
    if mild.lifts:
        near = not mild.layers.isdisjoint(strict.layers) or mild.layers == strict.layers
        return common if near and mild.words and common.keys() == mild.words.keys() else None
    if mild.words:
        return common or None
    same = not strict.words and mild.facts <= strict.facts and mild.layers == strict.layers
    return {} if same and (mild.facts or mild.layers) else None


def _settled(base: RuleBase, strict: Rule, mild: Rule) -> bool:
    overrides = any(o.rule == mild.id for o in strict.overrides) or any(o.rule == strict.id for o in mild.overrides)
    return overrides or _rank(base, strict) > _rank(base, mild)


def _rank(base: RuleBase, rule: Rule) -> int:
    weight = base.rulebook.documents[rule.document].weight
    return _RANKS[weight]
