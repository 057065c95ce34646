"""The cases that every rule has to have, and which of them are missing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from zoning.rules.cases import Case, CaseOverlap
from zoning.rules.conditions import Compare
from zoning.rules.lint.rule_base import Fault, RuleBase, days_of
from zoning.rules.places import Where
from zoning.rules.rule import Rule
from zoning.rules.rule_lines import leaves_of, places_of
from zoning.texts import Text

_EXACT = 1e-9
_OF_SEVERAL = ("choice", "choices")
_DAY = timedelta(days=1)


def examine_cases(base: RuleBase) -> Iterator[Fault]:
    """Yield the kinds of cases that a rule lacks."""
    for rule in base.rulebook.rules:
        name = f"cases/{rule.id}.yaml"
        file = base.cases.get(rule.id)
        if file is None or not file.cases:
            text = Text(
                f"规则 {rule.id} 没有案例；请新建 rules/{name}："
                "写明不适用、适用、恰在界限、数据缺失、事实不详、生效首日和前一日",
                f"rule {rule.id} has no cases: make rules/{name} with a case that is clear, in conflict, on the limit, "
                "without data, with an unknown fact, on the first day and on the day before",
            )
            yield base.fault_in("no-cases", name, (), text, rule.id)
            continue
        told = (*_outcomes(rule, file.cases), *_days(rule, file.cases), *_limits(rule, file.cases))
        for kind, text in (*told, *_unknowns(base, rule, file.cases)):
            yield base.fault_in(kind, name, ("cases",), text, rule.id)


def _outcomes(rule: Rule, cases: Sequence[Case]) -> Iterator[tuple[str, Text]]:
    expected = {case.expect for case in cases}
    if "applies" not in expected:
        yield "no-conflict-case", _lacks("适用（expect: applies）", "in which the rule applies (expect: applies)")
    if (rule.where or rule.when) and "does_not_apply" not in expected:
        yield (
            "no-clear-case",
            _lacks("不适用（expect: does_not_apply）", "in which it does not apply (expect: does_not_apply)"),
        )


def _days(rule: Rule, cases: Sequence[Case]) -> Iterator[tuple[str, Text]]:
    held = {(case.on, case.expect != "not in force") for case in cases}

    def lacks(day: date, zh: str, en: str) -> Text:
        return _lacks(f"{zh} {day}", f"on {day}, {en}")

    first, last = rule.in_force.from_, rule.in_force.to
    if (first, True) not in held:
        yield "no-first-day-case", lacks(first, "生效首日", "the first day")
    if (first - _DAY, False) not in held:
        yield "no-day-before-case", lacks(first - _DAY, "生效前一日", "the day before the first (expect: not in force)")
    if last is not None and (last, True) not in held:
        yield "no-last-day-case", lacks(last, "失效当日", "the last day")
    if last is not None and (last + _DAY, False) not in held:
        yield "no-day-after-case", lacks(last + _DAY, "失效次日", "the day after the last (expect: not in force)")


def _limits(rule: Rule, cases: Sequence[Case]) -> Iterator[tuple[str, Text]]:
    lacking: dict[tuple[str, float], None] = {}
    for day, end in _periods(rule):
        held = [case for case in cases if day <= case.on and (end is None or case.on < end)]
        for asked, limit, amounts in _compared(rule, rule.values_on(day)):
            if not any(_is(amount, limit) for case in held for amount in amounts(case)):
                lacking.setdefault((asked, limit))
    for asked, limit in lacking:
        yield "no-limit-case", _lacks(f"恰在界限上：{asked} = {limit:g}", f"exactly on the limit: {asked} = {limit:g}")
    if rule.where and rule.scope == "zone" and not any(_on_border(rule, case) for case in cases):
        yield (
            "no-limit-case",
            _lacks(
                "恰在边界上（相接而不重叠：area: 0 m2）", "exactly on the boundary (touching, no overlap: area: 0 m2)"
            ),
        )


def _compared(rule: Rule, values: Mapping[str, str]) -> Iterator[tuple[str, float, Callable[[Case], list[object]]]]:
    """Yield what the rule compares with a limit, the limit on the day, and the amounts of a case."""
    for _, leaf in leaves_of(rule):
        if isinstance(leaf, Compare):
            yield leaf.fact, float(values.get(leaf.limit, leaf.limit)), partial(_answers, leaf.fact)
    for _, where in places_of(rule):
        for quantity, _, _ in where.bands():
            for _, limit in where.limits(quantity, values):
                yield f"{where.layer} {quantity}", limit, partial(_amounts, where, quantity)


def _answers(fact: str, case: Case) -> list[object]:
    return [case.facts.get(fact)]


def _amounts(where: Where, quantity: str, case: Case) -> list[object]:
    amounts: dict[str, Callable[[CaseOverlap], object]] = {
        "distance": lambda found: found.distance,
        "area": lambda found: found.area,
        "length": lambda found: found.length,
        "share": lambda found: found.area / case.site_area,
    }
    return [amounts[quantity](found) for found in _found(where, case)]


def _periods(rule: Rule) -> list[tuple[date, date | None]]:
    days = days_of(rule)
    return list(zip(days, [*days[1:], None], strict=True))


def _on_border(rule: Rule, case: Case) -> bool:
    """Tell whether a case lies on the border of a place without limits; there is nothing to lie on otherwise."""
    plain = [where for where in rule.where if not list(where.bands())]
    if not plain:
        return True
    return any(
        found.area == (case.site_area if where.relation in ("outside", "inside") else 0)
        and found.certainty == "certain"
        for where in plain
        for found in _found(where, case)
    )


def _found(where: Where, case: Case) -> list[CaseOverlap]:
    layer = case.layers.get(where.layer, {})
    if not isinstance(layer, dict):
        return []
    return [found for name, found in layer.items() if not where.classes or name in where.classes]


def _is(value: object, limit: float) -> bool:
    try:
        return abs(float(str(value)) - limit) <= _EXACT * max(1.0, abs(limit))
    except ValueError:
        return False


def _unknowns(base: RuleBase, rule: Rule, cases: Sequence[Case]) -> Iterator[tuple[str, Text]]:
    if rule.scope != "baseline" and not rule.effects.isdisjoint(("prohibit", "restrict")):
        for layer in dict.fromkeys(where.layer for where in rule.places):
            if not any(case.layers.get(layer) == "no data" for case in cases):
                yield "no-data-case", _lacks(f"图层 {layer} 数据缺失", f"in which the layer {layer} has no data")
    missing = {name for case in cases if case.expect == "undetermined" for name in case.missing or ()}
    facts = base.rulebook.vocabulary.facts
    kinds = {name: facts[name].kind for name in rule.facts if not facts[name].worked_out}
    # What kind of project it is every case says; what else is asked needs a case of its own.
    owed = [name for name in kinds if name not in missing and kinds[name] not in _OF_SEVERAL]
    if not owed and missing.isdisjoint(kinds):
        owed = list(kinds)[:1]
    for name in owed:
        yield (
            "no-unknown-case",
            _lacks(f"事实不详：missing: [{name}]", f"in which a fact is unknown: missing: [{name}]"),
        )


def _lacks(zh: str, en: str) -> Text:
    return Text(f"缺少案例：{zh}", f"a case is missing: {en}")
