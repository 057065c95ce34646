"""What is known about the project: the vocabulary of `rules/facts.yaml`, and the answers to it."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.errors import ContentError
from zoning.rules.derivation.entries import Derive
from zoning.rules.derivation.industry import level_mistake, read_code
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import Mistake, load, read_model

Kind = Literal["choice", "choices", "yes_no", "number", "code"]
FactValue = bool | float | tuple[str, ...]
"""yes_no -> bool, number -> float, choice and choices -> the chosen words, code -> the codes (`IndustryCode`)."""

_YES_NO = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
_UNKNOWN = ("", "unknown", "不详", "未知")


class AtLeast(tuple[str, ...]):
    """Words that are known to be chosen where others may be too: derived from a code, not told as the whole list.

    A condition that one of them meets holds; a condition that none of them meets is unknown, not false. It is never
    equal to the same words told as the whole list.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AtLeast) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((AtLeast, tuple(self)))


class Group(Content):
    """Words of a fact that rules name together."""

    title: Text
    words: Annotated[tuple[str, ...], Field(min_length=1)]


class Fact(Content):
    """One thing that can be known about a project.

    Attributes
    ----------
    groups
        Words that rules may name together; a group is no answer.
    pattern, examples
        Of a code: how it is written.
    derive
        What it follows from, where it is not told.
    worked_out
        A yes-no fact that the check works out for every site: it is never asked, and "no" where nothing says "yes".
    """

    title: Text
    question: Text
    kind: Kind
    values: dict[str, Text] = Field(default_factory=dict)
    groups: dict[str, Group] = Field(default_factory=dict)
    unit: str | None = None
    pattern: str | None = None
    examples: tuple[str, ...] = ()
    derive: tuple[Derive, ...] = ()
    worked_out: bool = False
    note: Text | None = None

    @model_validator(mode="after")
    def _values_fit_kind(self) -> "Fact":
        if self.kind.startswith("choice") != bool(self.values):
            raise Mistake(
                Text(
                    "values 只用于 choice 和 choices，而且必须写",
                    "'values' belong to the kinds choice and choices, and only to them",
                ),
                ("kind",),
            )
        for name, group in self.groups.items():
            self._check_group(name, group)
        if (self.kind == "code") != (self.pattern is not None and bool(self.examples)):
            raise Mistake(
                Text(
                    "pattern 和 examples 只用于 code，而且必须写",
                    "'pattern' and 'examples' belong to the kind code, and only to it",
                ),
                ("kind",),
            )
        for example in self.examples:
            self.code(example)
        if self.worked_out and self.kind != "yes_no":
            raise Mistake(Text("worked_out 只用于 yes_no", "'worked_out' belongs to the kind yes_no"), ("worked_out",))
        return self

    def _check_group(self, name: str, group: Group) -> None:
        strange = [word for word in group.words if word not in self.values]
        if name in self.values or strange:
            told = "、".join(strange) or name
            raise Mistake(
                Text(
                    f"组“{name}”与某个值同名，或含有没有的值：{told}",
                    f"the group '{name}' is named like a word, or holds a word that the fact does not have: {told}",
                ),
                ("groups", name),
            )

    def code(self, text: str) -> str:
        """Return the code that a text means.

        Raises
        ------
        Mistake
            When it is none.
        """
        code = read_code(text)
        if not re.fullmatch(self.pattern or "", code):
            raise Mistake(
                Text(f"“{text}”不合 pattern {self.pattern}", f"'{text}' does not fit the pattern {self.pattern}")
            )
        return code


class Theme(Content):
    """A heading in forms: it stands above the fact `first` and holds until the next one."""

    title: Text
    first: str


class Vocabulary(Content):
    """All facts that rules may ask for."""

    themes: tuple[Theme, ...] = ()
    facts: dict[str, Fact]

    @model_validator(mode="after")
    def _consistent(self) -> "Vocabulary":
        for index, theme in enumerate(self.themes):
            if theme.first not in self.facts:
                text = _unknown(theme.first, list(self.facts), "事实", "fact")
                raise Mistake(text, ("themes", index, "first"))
        for name, fact in self.facts.items():
            for index, entry in enumerate(fact.derive):
                wrong = self._derive_mistake(name, fact, entry)
                if wrong is not None:
                    raise Mistake(wrong, ("facts", name, "derive", index))
        return self

    def _derive_mistake(self, name: str, fact: Fact, entry: Derive) -> Text | None:
        if entry.from_ is None:
            needed = Text("list 只能用于是否题", "'list' belongs to a yes-no fact")
            return None if fact.kind == "yes_no" else needed
        source = self.facts.get(entry.from_)
        if source is None:
            return _unknown(entry.from_, list(self.facts), "事实", "fact")
        if entry.from_ == name or source.kind == "number" or (source.kind == "code") != bool(entry.codes):
            return Text(
                "codes 用于代码，words 用于选择题和是否题；不能由自身或数值推出",
                "'codes' belong to a code, 'words' to a choice or yes-no fact; nothing follows from itself or a number",
            )
        wrong = [mistake for level in entry.codes if (mistake := level_mistake(level)) is not None]
        allowed = [*self.words(entry.from_), *source.groups]
        wrong += [
            _unknown(word, allowed, f"{entry.from_} 的值", f"value of {entry.from_}")
            for word in entry.words
            if word not in allowed
        ]
        wrong += [
            _unknown(word, list(self.words(name)), f"{name} 的值", f"value of {name}")
            for word in (*entry.value, *entry.suggests)
            if not (_is_number(word) if fact.kind == "number" else word in self.words(name))
        ]
        if fact.kind != "choices" and len(entry.value) > 1:
            wrong.append(Text("value 只能写一个", "'value' is one word"))
        return wrong[0] if wrong else None

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

    def themed(self, names: Iterable[str]) -> list[tuple[Text | None, list[str]]]:
        """Return facts under the headings of their themes, both in the order of the vocabulary."""
        heads = {theme.first: theme.title for theme in self.themes}
        wanted = set(names)
        parts: list[tuple[Text | None, list[str]]] = [(None, [])]
        for name in self.facts:
            if name in heads:
                parts.append((heads[name], []))
            if name in wanted:
                parts[-1][1].append(name)
        return [(title, listed) for title, listed in parts if listed]

    @cached_property
    def derivable(self) -> Mapping[str, Fact]:
        """The facts that can follow from others or from a list."""
        return {name: fact for name, fact in self.facts.items() if fact.derive}

    def expand(self, fact: str, words: Iterable[str]) -> tuple[str, ...]:
        """Return the words with the groups among them replaced by what they stand for, each once."""
        named = self.groups(fact)
        return tuple(dict.fromkeys(single for word in words for single in named.get(word, (word,))))


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The known facts of one project; what is not in it is unknown.

    >>> sheet = FactSheet({"activity": "coal_mine"})
    >>> sheet.get("activity"), sheet.get("new_building")
    ('coal_mine', None)
    """

    values: Mapping[str, FactValue]

    def get(self, fact: str) -> FactValue | None:
        """Return the value, None when it is unknown."""
        return self.values.get(fact)

    def as_plain(self) -> dict[str, object]:
        """Return the facts as JSON values, sorted by name."""
        return {
            name: [str(word) for word in v] if isinstance(v, tuple) else v for name, v in sorted(self.values.items())
        }


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

    Examples
    --------
    >>> from zoning.workspace import builtin_root
    >>> vocabulary = Vocabulary.read(builtin_root() / "rules" / "facts.yaml")
    >>> parse_facts(vocabulary, {"activity": "other", "industry_code": ""}, "form").values
    {'activity': ('other',)}
    """
    values: dict[str, FactValue] = {}
    for name, value in raw.items():
        fact = vocabulary.facts.get(name)
        if fact is None:
            raise _refusal(where, _unknown(name, list(vocabulary.facts), "项目事实", "fact"))
        told = [str(item) for item in value] if isinstance(value, (list, tuple)) else [_as_text(value)]
        words = [word.strip() for word in told if word.strip() not in _UNKNOWN]
        if words and any(word.strip() in _UNKNOWN[1:] for word in told):
            raise _half_known(name, where)
        if words:
            values[name] = parse_answer(name, fact, words, where)
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


def parse_answer(name: str, fact: Fact, words: Sequence[str], where: str) -> FactValue:
    """Turn the words of an answer into the value of a fact.

    Raises
    ------
    ContentError
        For a value that the fact does not allow.
    """
    if fact.kind not in ("choices", "code") and len(words) > 1:
        raise _bad_value(name, ", ".join(words), fact, where)
    if fact.kind == "yes_no":
        if words[0].lower() not in _YES_NO:
            raise _bad_value(name, words[0], fact, where)
        return _YES_NO[words[0].lower()]
    if fact.kind == "number":
        return _parse_number(name, fact, words[0], where)
    if fact.kind == "code":
        try:
            return tuple(dict.fromkeys(fact.code(word) for word in words))
        except Mistake as mistake:
            raise _refusal(f"{where}: {name}", mistake.text) from mistake
    by_title = {text.zh: key for key, text in fact.values.items()} | {text.en: key for key, text in fact.values.items()}
    chosen = [by_title.get(word, word) for word in words]
    for word in chosen:
        if word in fact.groups:
            raise _refusal(where, _group_answer(name, word, fact))
        if word not in fact.values:
            raise _bad_value(name, word, fact, where)
    return tuple(chosen)


def _parse_number(name: str, fact: Fact, word: str, where: str) -> float:
    if not _is_number(word):
        raise _bad_value(name, word, fact, where)
    return float(word)


def _is_number(word: str) -> bool:
    try:
        return math.isfinite(float(word))
    except ValueError:
        return False


def _refusal(where: str, text: Text) -> ContentError:
    return ContentError(f"{where}：{text.zh}", f"{where}: {text.en}")


def _half_known(name: str, where: str) -> ContentError:
    return ContentError(
        f"{where}：{name} 不能既写已知的值又写“不详”；部分不详时整项写 unknown",
        f"{where}: {name} cannot be known and unknown at once; write only 'unknown' when a part is not known",
    )


def _group_answer(name: str, group: str, fact: Fact) -> Text:
    words = ", ".join(fact.groups[group].words)
    return Text(
        f"{name} 的“{group}”是一组值，不能作答案；请写其中确切的：{words}",
        f"'{group}' is a group of words of {name} and no answer; name which of them: {words}",
    )


def _bad_value(name: str, value: str, fact: Fact, where: str) -> ContentError:
    listed = ["yes", "no"] if fact.kind == "yes_no" else list(fact.values)
    hint_zh, hint_en = _hint(value, listed)
    zh = en = ", ".join(listed)
    if fact.kind == "number":
        zh, en = f"数值（{fact.unit}）", f"number ({fact.unit})"
    return ContentError(
        f"{where}：{name} 的值“{value}”不可用；可用：{zh}{hint_zh}",
        f"{where}: '{value}' is no value of {name}; allowed: {en}{hint_en}",
    )


def _unknown(word: str, allowed: list[str], what_zh: str, what_en: str) -> Text:
    hint_zh, hint_en = _hint(word, allowed)
    return Text(f"不认识的{what_zh}“{word}”{hint_zh}", f"unknown {what_en} '{word}'{hint_en}")


def _hint(word: str, allowed: list[str]) -> tuple[str, str]:
    near = get_close_matches(word, allowed, n=1)
    return (f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?") if near else ("", "")
