"""The changes of a rule that its cases should notice: each makes one place of its file say something else."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from mutants.rule_words import Words, hair_off
from zoning.rules.places import RELATIONS

Table = dict[str, Any]
_EFFECTS = ("encourage", "require", "restrict", "prohibit")
_MOVING = frozenset(("restrict", "prohibit"))
_BANDS = ("area", "share", "length")
_DAY = timedelta(days=1)
_OTHER_COMPARISON = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
_OTHER_RELATION = {
    "overlaps": "touches",
    "touches": "overlaps",
    "inside": "overlaps",
    "outside": "inside",
    "within": "touches",
}
_COMBINED = {"all": "any", "any": "all"}
_ANYWHERE, _PROVINCE = "CN", "14"


@dataclass(frozen=True)
class RuleChange:
    """One change: what it says, and the rule's table with it."""

    about: str
    table: Table


@dataclass(frozen=True)
class _Spot:
    """A part of the table of a rule, by its keys, and how a copy of the table gets another part there."""

    table: Table
    keys: tuple[str | int, ...]

    @property
    def part(self) -> Any:
        found: Any = self.table
        for key in self.keys:
            found = found[key]
        return found

    def below(self, *keys: str | int) -> "_Spot":
        return _Spot(self.table, (*self.keys, *keys))

    def instead(self, about: str, part: object) -> RuleChange:
        """Put something else in its place."""
        table = copy.deepcopy(self.table)
        above = _Spot(table, self.keys[:-1]).part
        above[self.keys[-1]] = part
        return RuleChange(f"{self._name}: {about}", table)

    def left_out(self) -> RuleChange:
        """Leave it out; what is empty then goes with it."""
        table = copy.deepcopy(self.table)
        keys = self.keys
        while keys:
            above = _Spot(table, keys[:-1]).part
            del above[keys[-1]]
            if above or len(keys) == 1:
                break
            keys = keys[:-1]
        return RuleChange(f"{self._name}: left out", table)

    @property
    def _name(self) -> str:
        return ".".join(str(key) for key in self.keys)


@dataclass(frozen=True)
class _Reader:
    words: Words
    found: list[RuleChange] = field(default_factory=list)

    def rule(self, table: Table) -> None:
        whole = _Spot(table, ())
        self._days(whole.below("in_force"))
        self._territories(whole.below("territories"))
        self._scope_and_effect(whole)
        if "where" in table:
            listed = isinstance(table["where"], list)
            for spot in self._items(whole.below("where")) if listed else [whole.below("where")]:
                self._place(spot, relation=str(spot.part.get("relation", "overlaps")))
        if "when" in table:
            self._condition(whole.below("when"))
        self._provisos(whole)
        for name in table.get("values", {}):
            self._value(whole.below("values", name, "in_force"))
        for spot in (whole.below("citation"), whole.below("citation", 0)):
            if isinstance(spot.keys[-1], str) != isinstance(table["citation"], list) and "verified" in spot.part:
                self.found.append(spot.below("verified").left_out())

    def _days(self, spot: _Spot) -> None:
        for key in ("from", "to"):
            if key in spot.part:
                day = date.fromisoformat(spot.part[key])
                for other in (day - _DAY, day + _DAY):
                    self.found.append(spot.below(key).instead(other.isoformat(), other.isoformat()))
        if "to" in spot.part:
            self.found.append(spot.below("to").left_out())

    def _territories(self, spot: _Spot) -> None:
        if len(spot.part) > 1:
            self.found.extend(spot.below(number).left_out() for number in range(len(spot.part)))
        if spot.part == [_ANYWHERE]:
            self.found.append(spot.instead(_PROVINCE, [_PROVINCE]))

    def _scope_and_effect(self, whole: _Spot) -> None:
        scope = whole.part["scope"]
        other = "baseline" if scope != "baseline" else "attribute"
        if _MOVING & {whole.part["effect"], *(proviso["effect"] for proviso in whole.part.get("provisos", ()))}:
            self.found.append(whole.below("scope").instead(other, other))
        self._effect(whole.below("effect"), _EFFECTS)
        if "curable" in whole.part:
            self.found.append(whole.below("curable").left_out())

    def _effect(self, spot: _Spot, all_: Sequence[str]) -> None:
        self.found.extend(spot.instead(other, other) for other in all_ if other != spot.part)

    def _provisos(self, whole: _Spot) -> None:
        listed = whole.part.get("provisos", [])
        for number in range(len(listed)):
            spot = whole.below("provisos", number)
            self.found.append(spot.left_out())
            self._effect(spot.below("effect"), ("none", *_EFFECTS))
            self._condition(spot.below("when"))
        for number in range(len(listed) - 1):
            turned = [*listed[:number], listed[number + 1], listed[number], *listed[number + 2 :]]
            self.found.append(whole.below("provisos").instead(f"{number} and {number + 1} turned round", turned))

    def _value(self, spot: _Spot) -> None:
        for day, told in spot.part.items():
            first = date.fromisoformat(day)
            # Before the rule itself is in force its figures say nothing.
            for other in (first - _DAY, first + _DAY) if day > spot.table["in_force"]["from"] else (first + _DAY,):
                moved = {(other.isoformat() if key == day else key): value for key, value in spot.part.items()}
                self.found.append(spot.instead(f"{day} -> {other}", moved))
            self.found.extend(spot.below(day, "value").instead(text, text) for text in hair_off(told["value"]))
            if len(spot.part) > 1:
                self.found.append(spot.below(day).left_out())

    # --- places

    def _place(self, spot: _Spot, relation: str) -> None:
        place = spot.part
        self._classes(spot)
        if "zones" in place:
            self.found.append(spot.below("zones").left_out())
            self.found.extend(self._each_left_out(spot.below("zones")))
        if "certainty" in place:
            self.found.append(spot.below("certainty").left_out())
        if isinstance(place.get("distance"), str):
            self._limit(spot.below("distance"))
        for quantity in ("distance", *_BANDS):
            if isinstance(place.get(quantity), dict):
                self._band(spot.below(quantity))
        self._relation(spot, relation)

    def _classes(self, spot: _Spot) -> None:
        listed, known = spot.part.get("classes", []), self.words.classes(spot.part["layer"])
        if listed:
            self.found.extend(self._each_left_out(spot.below("classes")))
            for name in known:
                if name not in listed:
                    self.found.append(spot.below("classes").instead(f"also {name}", [*listed, name]))
        elif len(known) > 1:
            for name in known:
                others = [other for other in known if other != name]
                self.found.append(spot.below("classes").instead(f"all but {name}", others))

    def _relation(self, spot: _Spot, relation: str) -> None:
        place = {key: value for key, value in spot.part.items() if key not in ("relation", "distance", *_BANDS)}
        other = _OTHER_RELATION[relation]
        if set(place) - {"layer", "classes"}:
            return
        if spot.keys[0] == "where":
            self.found.append(spot.instead(f"{relation} -> {other}", {**place, "relation": other}))
            return
        above = _Spot(spot.table, spot.keys[:-1])
        others = {key: value for key, value in above.part.items() if key != relation}
        if other not in others:
            self.found.append(above.instead(f"{relation} -> {other}", {**others, other: place}))

    def _limit(self, spot: _Spot) -> None:
        self.found.extend(spot.instead(text, text) for text in hair_off(str(spot.part)))

    def _band(self, spot: _Spot) -> None:
        band: Mapping[str, str] = spot.part
        for relation in band:
            other = _OTHER_COMPARISON[relation]
            if other not in band:
                turned = {(other if key == relation else key): limit for key, limit in band.items()}
                self.found.append(spot.instead(f"{relation} -> {other}", turned))
            self._limit(spot.below(relation))
            if len(band) > 1:
                self.found.append(spot.below(relation).left_out())

    # --- conditions

    def _condition(self, spot: _Spot) -> None:
        for key in spot.part:
            inner = spot.below(key)
            # A rule without any condition is another rule; a proviso needs one.
            if len(spot.part) > 1 or spot.keys == ("when",):
                self.found.append(inner.left_out())
            self._entry(inner, str(key))

    def _entry(self, spot: _Spot, key: str) -> None:
        value = spot.part
        if key in _COMBINED:
            self._combined(spot, key)
        elif key == "not":
            self.found.append(self._without_not(spot))
            self._condition(spot)
        elif key in RELATIONS:
            self._place(spot, relation=key)
        elif isinstance(value, dict):
            self._band(spot)
        else:
            self._fact(spot, key)

    def _combined(self, spot: _Spot, key: str) -> None:
        above = _Spot(spot.table, spot.keys[:-1])
        other = _COMBINED[key]
        if other not in above.part and len(spot.part) > 1:
            turned = {(other if name == key else name): value for name, value in above.part.items()}
            self.found.append(above.instead(f"{key} -> {other}", turned))
        for number in range(len(spot.part)):
            inner = spot.below(number)
            if len(spot.part) > 1:
                self.found.append(inner.left_out())
            self._condition(inner)

    def _without_not(self, spot: _Spot) -> RuleChange:
        above = _Spot(spot.table, spot.keys[:-1])
        others = {key: value for key, value in above.part.items() if key != "not"}
        return above.instead("without its not", {"all": [spot.part, *([others] if others else [])]})

    def _fact(self, spot: _Spot, name: str) -> None:
        if self.words.is_yes_no(name):
            other = "no" if spot.part == "yes" else "yes"
            self.found.append(spot.instead(other, other))
            return
        listed = spot.part if isinstance(spot.part, list) else [spot.part]
        if len(listed) > 1:
            self.found.extend(self._each_left_out(spot))
        for word in self.words.beside(name, listed):
            self.found.append(spot.instead(f"also {word}", [*listed, word]))

    def _items(self, spot: _Spot) -> Iterator[_Spot]:
        for number in range(len(spot.part)):
            inner = spot.below(number)
            if len(spot.part) > 1:
                self.found.append(inner.left_out())
            yield inner

    def _each_left_out(self, spot: _Spot) -> Iterator[RuleChange]:
        if len(spot.part) > 1:
            for number, word in enumerate(spot.part):
                others = [*spot.part[:number], *spot.part[number + 1 :]]
                yield spot.instead(f"without {word}", others)


def changes_of_rule(table: Table, words: Words) -> list[RuleChange]:
    """Return all changes of a rule in the order of its file; the table itself is left as it is."""
    reader = _Reader(words)
    reader.rule(table)
    return reader.found
