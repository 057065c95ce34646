"""Rows that are never reached: the provisos of a rule in their order, then its own effect; the first wins."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Condition, Not, leaves
from zoning.rules.lint.rule_base import Fault, RuleBase, days_of, grounds, rows
from zoning.rules.lint.worlds import Worlds, conjuncts, resolved, subject
from zoning.rules.rule import Rule
from zoning.rules.rule_lines import leaves_of, places_of
from zoning.texts import Text
from zoning.yaml_files import Key


def examine_rows(base: RuleBase) -> Iterator[Fault]:
    """Yield conditions that never hold, rows that are never reached, and parts that add nothing."""
    for rule in base.rulebook.rules:
        contradiction = _contradiction(base.worlds, rule)
        if contradiction is not None:
            yield _never(base, rule, contradiction)
            continue
        yield from _unreachable(base, rule)
        yield from _redundant(base, rule)


def _contradiction(worlds: Worlds, rule: Rule) -> list[Condition] | None:
    """Return the fewest parts that cannot hold at once, where the rule holds on no day; None where it can hold."""
    found: list[Condition] = []
    for day in days_of(rule):
        parts = grounds(rule, day)
        if worlds.can_hold(*parts):
            return None
        single = [part for whole in parts for part in conjuncts(whole)]
        sizes = (few for size in (1, 2) for few in combinations(single, size))
        found = list(next((few for few in sizes if not worlds.can_hold(*few)), single))
    return found


def _never(base: RuleBase, rule: Rule, parts: Sequence[Condition]) -> Fault:
    asked = list(dict.fromkeys(subject(leaf) for part in parts for leaf in leaves(part)))
    named = ", ".join(name.removeprefix("layer ") for name in asked)
    text = Text(
        f"条件永远不成立：对 {named} 的要求互相矛盾；请核对界限和用词",
        f"the condition never holds: what it asks of {named} contradicts itself; check limits and words",
    )
    keys: dict[str, Key] = {}
    for key, leaf in leaves_of(rule):
        keys.setdefault(subject(leaf), key)
    for key, where in places_of(rule):
        keys.setdefault(f"layer {where.layer}", key)
    return base.fault("never-holds", rule, keys.get(asked[0], ("when",)) if asked else ("when",), text)


def _unreachable(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    worlds, days = base.worlds, days_of(rule)
    told = [(grounds(rule, day), rows(rule, day)) for day in days]
    for index in range(len(rule.provisos)):
        if any(worlds.can_hold(*ground, *map(Not, row[:index]), row[index]) for ground, row in told):
            continue
        yield base.fault("unreachable-row", rule, ("provisos", index), _row_text(worlds, told, index))
    if rule.provisos and not any(worlds.can_hold(*ground, *map(Not, row)) for ground, row in told):
        text = Text(
            "本条自己的效力永远轮不到：但书已经覆盖全部情形；请删去多余的但书，或直接改写 effect",
            "the rule's own effect is never reached: the provisos cover everything; delete the one too many, or change "
            "'effect' itself",
        )
        yield base.fault("unreachable-effect", rule, ("effect",), text)


def _row_text(worlds: Worlds, told: Sequence[tuple[list[Condition], list[Condition]]], index: int) -> Text:
    number = index + 1
    if not any(worlds.can_hold(*ground, row[index]) for ground, row in told):
        return Text(
            f"但书第 {number} 项永远不成立：与本条的 where、when 矛盾；请核对界限和用词，或删去这一项",
            f"proviso {number} never holds: it contradicts 'where' and 'when' of the rule; check limits and words, or "
            "delete it",
        )
    for other in range(index):
        if all(not worlds.can_hold(*ground, Not(row[other]), row[index]) for ground, row in told):
            return Text(
                f"但书第 {number} 项永远轮不到：凡符合它的，都先符合第 {other + 1} 项；请把范围较窄的一项放到前面，"
                "或删去这一项",
                f"proviso {number} is never reached: whatever fits it fits proviso {other + 1} first; put the narrower "
                "one first, or delete this one",
            )
    return Text(
        f"但书第 {number} 项永远轮不到：前面各项已经覆盖它的全部情形；请调整顺序，或删去这一项",
        f"proviso {number} is never reached: those before it cover all that fits it; change the order, or delete it",
    )


def _redundant(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    places: list[Condition] = [AtPlace(where) for where in rule.where]
    yield from _idle_parts(base, rule, "where", places, [("where", index) for index in range(len(places))])
    conditions: list[tuple[Key, Condition]] = [] if rule.when is None else [(("when",), rule.when)]
    conditions.extend((("provisos", index, "when"), row) for index, row in enumerate(rule.rows))
    for key, condition in conditions:
        for choice in _choices(condition):
            keys = [(*key, *next(leaves(part)).at) for part in choice.parts]
            yield from _idle_parts(base, rule, "any", choice.parts, keys)


def _idle_parts(
    base: RuleBase, rule: Rule, word: str, parts: Sequence[Condition], keys: Sequence[Key]
) -> Iterator[Fault]:
    told = [[resolved(part, rule.values_on(day)) for part in parts] for day in days_of(rule)]

    def implies(one: int, other: int) -> bool:
        return all(base.worlds.implies(options[one], options[other]) for options in told)

    for index, key in enumerate(keys):
        number = index + 1
        if not any(base.worlds.can_hold(options[index]) for options in told):
            text = Text(
                f"{word} 的第 {number} 项永远不成立：要求互相矛盾；请核对界限和用词，或删去这一项",
                f"part {number} of '{word}' never holds: it contradicts itself; check limits and words, or delete it",
            )
            yield base.fault("redundant-part", rule, key, text)
            continue
        wider = (
            other
            for other in range(len(keys))
            if other != index and implies(index, other) and (other < index or not implies(other, index))
        )
        other = next(wider, None)
        if other is not None:
            text = Text(
                f"{word} 的第 {number} 项多余：凡符合它的，也符合第 {other + 1} 项；请删去，或改窄第 {other + 1} 项",
                f"part {number} of '{word}' adds nothing: whatever fits it fits part {other + 1} as well; delete it, "
                f"or narrow part {other + 1}",
            )
            yield base.fault("redundant-part", rule, key, text)


def _choices(condition: Condition) -> Iterator[AnyOf]:
    if isinstance(condition, AnyOf):
        yield condition
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _choices(part)
    elif isinstance(condition, Not):
        yield from _choices(condition.part)
