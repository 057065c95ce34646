"""What has expired on the day of the examination, and days that do not join."""

from collections.abc import Iterator
from datetime import timedelta

from zoning.citations import EVERYWHERE
from zoning.dated_values import value_on
from zoning.rules.lint.rule_base import Fault, RuleBase
from zoning.rules.rule import Rule
from zoning.texts import Text

_DAY = timedelta(days=1)
_MOST_NAMED = 5


def examine_dates(base: RuleBase) -> Iterator[Fault]:
    """Yield expired figures, rules and documents without successor, and successions and overrides that cannot work."""
    for rule in base.rulebook.rules:
        yield from _expired(base, rule)
        yield from _succession(base, rule)
        yield from _overrides(base, rule)
    yield from _documents(base)
    yield from _circles(base)


def _expired(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    last = rule.in_force.to
    if rule.in_force.covers(base.on):
        for name, parameter in rule.values.items():
            held = value_on(parameter.in_force, base.on)
            if held is None or held.until is None or held.until >= base.on:
                continue
            text = Text(
                f"参数“{name}”的值 {held.value} 只到 {held.until}；请核对出处，补上新的起始日和数值",
                f"the value {held.value} of '{name}' holds until {held.until} only: look it up, and add the new "
                "day and figure",
            )
            yield base.fault("expired-value", rule, ("values", name, "in_force"), text)
    document = base.rulebook.documents[rule.document]
    if last is not None and last < base.on and rule.superseded_by is None and last != document.valid_to:
        text = Text(
            f"规则已于 {last} 失效，没有写明接替的规则；请写 superseded_by，或随文件的 valid_to 一起失效",
            f"the rule ended on {last} and names no successor: write 'superseded_by', or let it end with the "
            "'valid_to' of its document",
        )
        yield base.fault("ended-rule", rule, ("in_force",), text)


def _documents(base: RuleBase) -> Iterator[Fault]:
    for name, document in base.rulebook.documents.items():
        open_ = [rule for rule in base.rulebook.rules if rule.document == name and rule.in_force.to is None]
        if document.superseded_by is None or not open_:
            continue
        named = ", ".join(rule.id for rule in open_[:_MOST_NAMED]) + (" …" if len(open_) > _MOST_NAMED else "")
        text = Text(
            f"文件已被 {document.superseded_by} 取代，仍有规则没有失效日（{named}）；请写文件的 valid_to 和各规则的 to",
            f"the document is superseded by {document.superseded_by}, but rules of it have no last day ({named}): "
            "write 'valid_to' of the document and 'to' of the rules",
        )
        yield base.fault_in("superseded-document", "documents.yaml", ("documents", name, "superseded_by"), text)


def _succession(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    successor = base.rulebook.get(rule.superseded_by) if rule.superseded_by else None
    if successor is None:
        return
    last, first = rule.in_force.to, successor.in_force.from_
    end = first - _DAY
    advice = Text(f"；请写 to: {end}", f": write 'to: {end}'")
    if end < rule.in_force.from_:
        advice = Text("；请核对两条的日期", ": check the days of both")
    if last is None:
        text = Text(
            f"已由 {successor.id} 接替，却没有失效日{advice.zh}",
            f"{successor.id} has taken its place, but it has no last day{advice.en}",
        )
    elif last < end:
        text = Text(
            f"失效日 {last} 与 {successor.id} 的生效日 {first} 之间有空档；请核对两个日期",
            f"between its last day, {last}, and the first of {successor.id}, {first}, no rule holds: check both dates",
        )
    elif last > end:
        text = Text(
            f"{successor.id} 从 {first} 起生效，那时本条还没有失效（{last}）{advice.zh}",
            f"{successor.id} begins on {first}, before this rule has ended ({last}){advice.en}",
        )
    else:
        return
    yield base.fault("succession-gap", rule, ("superseded_by",), text)


def _overrides(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    for index, override in enumerate(rule.overrides):
        other = base.rulebook.get(override.rule)
        if other is None:
            continue
        if not share_a_territory(rule, other) or not share_a_day(rule, other):
            text = Text(
                f"与 {other.id} 没有共同的辖区或有效日，取代它没有意义；请改正编号，或删去",
                f"it shares no territory or day with {other.id}, so overriding it means nothing: correct the id, or "
                "delete the entry",
            )
            yield base.fault("override-elsewhere", rule, ("overrides", index, "rule"), text)
        if rule.id < other.id and any(back.rule == rule.id for back in other.overrides):
            text = Text(
                f"与 {other.id} 互相取代；请只留其中一条的 overrides",
                f"it and {other.id} override each other: leave 'overrides' in one of them only",
            )
            yield base.fault("override-cycle", rule, ("overrides", index, "rule"), text)


def _circles(base: RuleBase) -> Iterator[Fault]:
    for rule in base.rulebook.rules:
        passed = [rule.id]
        following = rule.superseded_by
        while following is not None and following not in passed:
            passed.append(following)
            successor = base.rulebook.get(following)
            following = successor.superseded_by if successor else None
        if following == rule.id and rule.id == min(passed):
            circle = " → ".join([*passed, rule.id])
            text = Text(
                f"接替关系成环：{circle}；请删去其中一条的 superseded_by",
                f"the rules succeed each other in a circle, {circle}: delete 'superseded_by' in one of them",
            )
            yield base.fault("succession-cycle", rule, ("superseded_by",), text)


def share_a_day(one: Rule, other: Rule) -> bool:
    """Tell whether two rules are in force on a common day."""
    first = max(one.in_force.from_, other.in_force.from_)
    return one.in_force.covers(first) and other.in_force.covers(first)


def share_a_territory(one: Rule, other: Rule) -> bool:
    """Tell whether two rules bind in a common territory."""
    return any(
        EVERYWHERE in (a, b) or a.startswith(b) or b.startswith(a) for a in one.territories for b in other.territories
    )
