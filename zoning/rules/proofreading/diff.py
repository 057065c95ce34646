"""What differs between two rule bases: rules, documents, facts, and what that means for decisions.

`before` and `after` are the two sides everywhere. How a decision may change is judged with caution: what cannot be told
without a site counts as both stricter and milder.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Literal

from pydantic import BaseModel

from zoning.citations import binds_in
from zoning.layers.catalogue import Catalogue
from zoning.rules.cases import Case, CaseFile
from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Compare, Condition, Not, OneOf
from zoning.rules.proofreading.diff_cases import CaseChange, compare_cases
from zoning.rules.proofreading.diff_words import FIELDS, shown
from zoning.rules.rule import STRICTNESS, Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.wording.card import RuleCard, describe, proviso_text, value_texts
from zoning.texts import Text, joined

Kind = Literal["added", "removed", "changed"]
Turn = Literal["stricter", "milder"]
_BOTH: frozenset[Turn] = frozenset(("stricter", "milder"))
_NONE: frozenset[Turn] = frozenset()


@dataclass(frozen=True)
class RuleBase:
    """One side of the comparison: rules with what is needed to say and run them.

    Attributes
    ----------
    cases
        Rule id -> its cases.
    names
        Names of territories by code.
    """

    rulebook: Rulebook
    catalogue: Catalogue
    cases: Mapping[str, CaseFile]
    names: Mapping[str, Text]

    def card(self, rule: Rule) -> RuleCard:
        """Put a rule of this side into words."""
        return describe(rule, self.rulebook, self.catalogue, self.names)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a rule, document or fact that differs; None where it is not stated."""

    field: str
    label: Text
    before: Text | None
    after: Text | None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was added, removed or changed; `fields` only where it is on both sides."""

    id: str
    title: Text
    kind: Kind
    fields: tuple[FieldChange, ...] = ()
    rules: tuple[str, ...] = ()
    """Of a fact: the rules that ask for it."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What a changed rule means for decisions.

    Attributes
    ----------
    since, until
        First and last day of checks that can come out differently; `until` None: until further notice.
    may_turn
        How decisions may change; empty: they cannot, the rule neither forbids nor restricts.
    cases
        Worked cases that come out differently.
    """

    territories: tuple[str, ...]
    since: date
    until: date | None
    may_turn: frozenset[Turn]
    cases: tuple[CaseChange, ...]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that was added, removed or changed, with its impact."""

    change: Change
    impact: Impact


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two rule bases; `cases`: of rules that read alike, yet come out differently."""

    rules: tuple[RuleChange, ...]
    documents: tuple[Change, ...]
    facts: tuple[Change, ...]
    cases: tuple[CaseChange, ...]

    @property
    def empty(self) -> bool:
        """Tell whether nothing differs."""
        return not (self.rules or self.documents or self.facts or self.cases)


def compare(before: RuleBase, after: RuleBase) -> Difference:
    """Compare two rule bases, rule by rule."""
    old = {rule.id: rule for rule in before.rulebook.rules}
    new = {rule.id: rule for rule in after.rulebook.rules}
    documents = _compare_models(before.rulebook.documents, after.rulebook.documents)
    facts = _compare_models(before.rulebook.vocabulary.facts, after.rulebook.vocabulary.facts)
    same_world = not facts and before.catalogue.layers == after.catalogue.layers
    rules: list[RuleChange] = []
    cases: list[CaseChange] = []
    for name in sorted(old.keys() | new.keys()):
        change = _rule_change(old.get(name), new.get(name), before, after)
        if change is not None:
            rules.append(_with_impact(change, old.get(name), new.get(name), before, after))
        elif not same_world:
            cases.extend(_cases(name, before, after))
    asked = partial(_asking, rules=(*before.rulebook.rules, *after.rulebook.rules))
    return Difference(tuple(rules), documents, tuple(asked(change) for change in facts), tuple(cases))


def _asking(change: Change, rules: Iterable[Rule]) -> Change:
    ids = sorted({rule.id for rule in rules if change.id in rule.facts})
    return Change(change.id, change.title, change.kind, change.fields, tuple(ids))


def _rule_change(old: Rule | None, new: Rule | None, before: RuleBase, after: RuleBase) -> Change | None:
    if old is None or new is None:
        there = old or new
        assert there is not None  # noqa: S101 - the id comes from one of the sides
        return Change(there.id, there.title, "removed" if new is None else "added")
    was, is_ = before.card(old), after.card(new)
    fields = [
        FieldChange(name, FIELDS[name], words(was), words(is_))
        for name, data, words in _RULE_FIELDS
        if data(was) != data(is_)
    ]
    return Change(new.id, new.title, "changed", tuple(fields)) if fields else None


def _shape(condition: Condition | None) -> object:
    """Return a condition as data in which the order of its parts and words does not count."""
    if isinstance(condition, OneOf):
        return ("one of", condition.fact, frozenset(condition.words), condition.every)
    if isinstance(condition, Compare):
        return ("compare", condition.fact, condition.relation, condition.limit)
    if isinstance(condition, AtPlace):
        return ("at", condition.where)
    if isinstance(condition, Not):
        return ("not", _shape(condition.part))
    if isinstance(condition, AllOf | AnyOf):
        return (type(condition).__name__, frozenset(map(_shape, condition.parts)))
    return None


def _lines(texts: Iterable[Text]) -> Text | None:
    listed = list(texts)
    return joined(listed, "；", "; ") if listed else None


def _values(card: RuleCard) -> Text | None:
    return _lines(value_texts(card, Text("，", ", ")))


def _name(name: str | None) -> Text | None:
    return None if name is None else Text(name, name)


_Field = tuple[str, Callable[[RuleCard], object], Callable[[RuleCard], Text | None]]
_RULE_FIELDS: tuple[_Field, ...] = (
    ("title", lambda c: c.rule.title, lambda c: c.rule.title),
    ("says", lambda c: c.rule.says, lambda c: c.rule.says),
    ("scope", lambda c: c.rule.scope, lambda c: c.scope),
    ("territories", lambda c: frozenset(c.rule.territories), lambda c: c.territories),
    ("in_force", lambda c: c.rule.in_force, lambda c: c.dates),
    ("where", lambda c: frozenset(c.rule.where), lambda c: c.where),
    ("when", lambda c: _shape(c.rule.when), lambda c: c.when),
    ("effect", lambda c: c.rule.effect, lambda c: c.effect),
    ("condition", lambda c: c.rule.condition, lambda c: c.rule.condition),
    (
        "provisos",
        lambda c: [(_shape(p.when), p.effect, p.condition) for p in c.rule.provisos],
        lambda c: _lines(map(proviso_text, c.provisos)),
    ),
    ("values", lambda c: c.rule.values, _values),
    ("curable", lambda c: c.rule.curable, lambda c: c.rule.curable),
    ("citation", lambda c: c.rule.citations, lambda c: _lines(citation.text for citation in c.citations)),
    ("verified", lambda c: c.verified, lambda c: shown(c.verified)),
    ("superseded_by", lambda c: c.rule.superseded_by, lambda c: _name(c.rule.superseded_by)),
    (
        "overrides",
        lambda c: frozenset(other.rule for other in c.rule.overrides),
        lambda c: _lines(Text(f"{name}：{why.zh}", f"{name}: {why.en}") for name, why in c.overrides),
    ),
    ("note", lambda c: c.rule.note, lambda c: c.rule.note),
)


def _with_impact(change: Change, old: Rule | None, new: Rule | None, before: RuleBase, after: RuleBase) -> RuleChange:
    sides = [rule for rule in (old, new) if rule is not None]
    territories = tuple(dict.fromkeys(code for rule in sides for code in rule.territories))
    ends = [rule.in_force.to for rule in sides]
    until = None if None in ends else max(end for end in ends if end is not None)
    since = min(rule.in_force.from_ for rule in sides)
    if old is not None and new is not None:
        since = min((_first_day(field.field, old, new) for field in change.fields), default=since)
    impact = Impact(territories, since, until, may_turn(change, old, new), tuple(_cases(change.id, before, after)))
    return RuleChange(change, impact)


def _first_day(field: str, old: Rule, new: Rule) -> date:
    """Return the first day on which a changed field can matter."""
    if field == "in_force" and old.in_force.from_ == new.in_force.from_:
        ends = [rule.in_force.to for rule in (old, new) if rule.in_force.to is not None]
        return min(ends) + timedelta(days=1)
    if field == "values" and old.values.keys() == new.values.keys():
        starts = [start for rule in (old, new) for p in rule.values.values() for start in p.in_force]
        differing = [start for start in starts if old.values_on(start) != new.values_on(start)]
        return min(differing, default=min(starts))
    return min(old.in_force.from_, new.in_force.from_)


def may_turn(change: Change, old: Rule | None, new: Rule | None) -> frozenset[Turn]:
    """Tell how decisions may change; with caution: both ways where only a site could tell."""
    if old is None or new is None:
        there = old or new
        assert there is not None  # noqa: S101 - one of the sides has it
        more: frozenset[Turn] = frozenset(("stricter",)) if _decides(there) else _NONE
        less: frozenset[Turn] = frozenset(("milder",)) if there.overrides else _NONE
        return more | less if old is None else _flipped(more | less)
    changed = {field.field for field in change.fields}
    turns: set[Turn] = set()
    if "overrides" in changed or (old.overrides and changed & _DECIDING):
        before, after = ({other.rule for other in rule.overrides} for rule in (old, new))
        turns |= _turn(bool(before - after), bool(after - before)) or _BOTH
    if not (_decides(old) or _decides(new)):
        return frozenset(turns)
    for name in changed & _DECIDING:
        turns |= _JUDGES.get(name, _either_way)(old, new)
    return frozenset(turns)


def _decides(rule: Rule) -> bool:
    return rule.scope != "baseline" and bool(rule.effects & {"prohibit", "restrict"})


def _flipped(turns: frozenset[Turn]) -> frozenset[Turn]:
    return frozenset("milder" if turn == "stricter" else "stricter" for turn in turns)


def _turn(stricter: bool, milder: bool) -> frozenset[Turn]:  # noqa: FBT001 - a pair of answers
    words: tuple[tuple[Turn, bool], ...] = (("stricter", stricter), ("milder", milder))
    return frozenset(word for word, holds in words if holds)


def _either_way(old: Rule, new: Rule) -> frozenset[Turn]:  # noqa: ARG001 - as the other judges
    return _BOTH


def _by_effect(old: Rule, new: Rule) -> frozenset[Turn]:
    was, is_ = STRICTNESS[old.effect], STRICTNESS[new.effect]
    return _turn(is_ > was, is_ < was)


def _by_scope(old: Rule, new: Rule) -> frozenset[Turn]:
    was, is_ = _decides(old), _decides(new)
    return _BOTH if was and is_ else _turn(is_, was)


def _by_territory(old: Rule, new: Rule) -> frozenset[Turn]:
    more = [code for code in new.territories if not binds_in(old.territories, code)]
    less = [code for code in old.territories if not binds_in(new.territories, code)]
    return _turn(bool(more), bool(less))


def _by_dates(old: Rule, new: Rule) -> frozenset[Turn]:
    was, is_ = old.in_force, new.in_force
    was_to, is_to = was.to or date.max, is_.to or date.max
    return _turn(is_.from_ < was.from_ or is_to > was_to, is_.from_ > was.from_ or is_to < was_to)


def _by_places(old: Rule, new: Rule) -> frozenset[Turn]:
    was, is_ = set(old.where), set(new.where)
    if not was or not is_ or not (was < is_ or is_ < was):
        return _BOTH
    return _turn(was < is_, is_ < was)


def _by_cure(old: Rule, new: Rule) -> frozenset[Turn]:
    return _turn(new.curable is None, old.curable is None) if (old.curable is None) != (new.curable is None) else _NONE


_JUDGES: Mapping[str, Callable[[Rule, Rule], frozenset[Turn]]] = {
    "effect": _by_effect,
    "scope": _by_scope,
    "territories": _by_territory,
    "in_force": _by_dates,
    "where": _by_places,
    "curable": _by_cure,
}
_DECIDING = frozenset((*_JUDGES, "when", "provisos", "values", "verified"))


def _cases(name: str, before: RuleBase, after: RuleBase) -> Iterator[CaseChange]:
    sides = [(base.rulebook, base.catalogue) for base in (before, after)]
    lists = [base.cases[name].cases if name in base.cases else () for base in (before, after)]
    told: dict[str, Case] = {}
    for cases in lists:
        for case in cases:
            if told.get(case.name) != case:
                told[case.name] = case
                found = compare_cases(name, case, sides[0], sides[1])
                if found is not None:
                    yield found


def _compare_models(before: Mapping[str, BaseModel], after: Mapping[str, BaseModel]) -> tuple[Change, ...]:
    changes: list[Change] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        there = new or old
        title = getattr(there, "title", Text(name, name))
        if old is None or new is None:
            changes.append(Change(name, title, "added" if old is None else "removed"))
        elif old != new:
            fields = [key for key in type(new).model_fields if getattr(old, key, None) != getattr(new, key, None)]
            changes.append(
                Change(
                    name,
                    title,
                    "changed",
                    tuple(
                        FieldChange(
                            key, FIELDS.get(key, Text(key, key)), shown(getattr(old, key)), shown(getattr(new, key))
                        )
                        for key in fields
                    ),
                )
            )
    return tuple(changes)
