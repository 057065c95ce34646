"""What is known about the project: the vocabulary of `rules/facts.yaml`, and the answers to it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from zoning.errors import ContentError
from zoning.texts import Text
from zoning.yaml_files import load, read_model

Kind = Literal["choice", "choices", "yes_no", "number"]
FactValue = bool | float | tuple[str, ...]
"""yes_no -> bool, number -> float, choice and choices -> the chosen words."""

_YES_NO = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
_UNKNOWN = ("", "unknown", "不详", "未知")


class Group(BaseModel):
    """Words of a fact that rules name together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Text
    words: tuple[str, ...]


class Fact(BaseModel):
    """One thing that can be known about a project."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Text
    question: Text
    kind: Kind
    values: dict[str, Text] = {}
    groups: dict[str, Group] = {}
    unit: str | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _values_fit_kind(self) -> "Fact":
        if self.kind.startswith("choice") != bool(self.values):
            msg = "'values' belong to the kinds choice and choices, and only to them"
            raise ValueError(msg)
        for name, group in self.groups.items():
            strange = [word for word in group.words if word not in self.values]
            if name in self.values or strange:
                msg = f"the group '{name}' is named like a word, or holds a word that the fact does not have: {strange}"
                raise ValueError(msg)
        return self


class Vocabulary(BaseModel):
    """All facts that rules may ask for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: dict[str, Fact]

    @classmethod
    def read(cls, path: Path) -> "Vocabulary":
        """Read `rules/facts.yaml`."""
        return read_model(path, cls)

    def words(self, fact: str) -> tuple[str, ...]:
        """Return the words that a condition may name for a fact; none for a fact without a fixed list."""
        found = self.facts[fact]
        return ("yes", "no") if found.kind == "yes_no" else tuple(found.values)

    def groups(self, fact: str) -> Mapping[str, tuple[str, ...]]:
        """Return the groups of words of a fact."""
        found = self.facts.get(fact)
        return {} if found is None else {name: group.words for name, group in found.groups.items()}


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The known facts of one project; what is not in it is unknown."""

    values: Mapping[str, FactValue]

    def get(self, fact: str) -> FactValue | None:
        """Return the value, None when it is unknown."""
        return self.values.get(fact)

    def as_plain(self) -> dict[str, object]:
        """Return the facts as JSON values, sorted by name."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in sorted(self.values.items())}


def parse_facts(vocabulary: Vocabulary, raw: Mapping[str, object], where: str) -> FactSheet:
    """Check answers against the vocabulary.

    Parameters
    ----------
    raw
        Fact id -> text, list of texts, number or bool. Empty text, null and `unknown` mean: not known.
    where
        Names the source in the error: a file, or `--set`.

    Raises
    ------
    ContentError
        For an unknown fact or a value that the fact does not allow.
    """
    values: dict[str, FactValue] = {}
    for name, value in raw.items():
        fact = vocabulary.facts.get(name)
        if fact is None:
            raise _unknown_name(name, list(vocabulary.facts), where, "项目事实", "fact")
        told = [str(item) for item in value] if isinstance(value, (list, tuple)) else [_as_text(value)]
        words = [word.strip() for word in told if word.strip() not in _UNKNOWN]
        if words and any(word.strip() in _UNKNOWN[1:] for word in told):
            raise _half_known(name, where)
        if words:
            values[name] = _parse_value(name, fact, words, where)
    return FactSheet(values)


def read_facts_file(vocabulary: Vocabulary, path: Path) -> tuple[dict[str, object], Mapping[str, Mapping[str, object]]]:
    """Read the answers of a facts file: a table `fact: value`; keys that begin with `_` are remarks.

    Under `sites` stand the facts of single footprints, by id or name; they win over the common ones.

    Raises
    ------
    ContentError
        For an unknown fact or a value that the fact does not allow.
    """
    file = load(path)
    sites = file.value.get("sites") or {} if isinstance(file.value, dict) else None
    if not isinstance(sites, dict) or not all(isinstance(own, dict) for own in sites.values()):
        raise ContentError(f"{path.name}：应为“事实: 值”的表", f"{path.name}: a table 'fact: value' is expected")
    common = {key: value for key, value in file.value.items() if not key.startswith("_") and key != "sites"}
    for answers in (common, *sites.values()):
        parse_facts(vocabulary, answers, path.name)
    return common, sites


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _parse_value(name: str, fact: Fact, words: list[str], where: str) -> FactValue:
    if fact.kind != "choices" and len(words) > 1:
        raise _bad_value(name, ", ".join(words), _allowed(fact), where)
    if fact.kind == "yes_no":
        if words[0].lower() not in _YES_NO:
            raise _bad_value(name, words[0], ["yes", "no"], where)
        return _YES_NO[words[0].lower()]
    if fact.kind == "number":
        return _parse_number(name, fact, words[0], where)
    by_title = {text.zh: key for key, text in fact.values.items()} | {text.en: key for key, text in fact.values.items()}
    chosen = [by_title.get(word, word) for word in words]
    for word in chosen:
        if word not in fact.values:
            raise _bad_value(name, word, list(fact.values), where)
    return tuple(chosen)


def _allowed(fact: Fact) -> list[str]:
    if fact.kind == "number":
        return [f"number ({fact.unit})"]
    return ["yes", "no"] if fact.kind == "yes_no" else list(fact.values)


def _half_known(name: str, where: str) -> ContentError:
    return ContentError(
        f"{where}：{name} 不能既写已知的值又写“不详”；部分不详时整项写 unknown",
        f"{where}: {name} cannot be known and unknown at once; write only 'unknown' when a part of it is not known",
    )


def _parse_number(name: str, fact: Fact, word: str, where: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _bad_value(name, word, [f"number ({fact.unit})"], where)
    return number


def _unknown_name(name: str, allowed: list[str], where: str, what_zh: str, what_en: str) -> ContentError:
    near = get_close_matches(name, allowed, n=1)
    hint_zh = f"；是否想写“{near[0]}”？" if near else ""
    hint_en = f" - did you mean '{near[0]}'?" if near else ""
    return ContentError(f"{where}：不认识的{what_zh}“{name}”{hint_zh}", f"{where}: unknown {what_en} '{name}'{hint_en}")


def _bad_value(name: str, value: str, allowed: list[str], where: str) -> ContentError:
    near = get_close_matches(value, allowed, n=1)
    hint_zh = f"；是否想写“{near[0]}”？" if near else ""
    hint_en = f" - did you mean '{near[0]}'?" if near else ""
    listed = ", ".join(allowed)
    return ContentError(
        f"{where}：{name} 的值“{value}”不可用；可用：{listed}{hint_zh}",
        f"{where}: '{value}' is no value of {name}; allowed: {listed}{hint_en}",
    )
