"""Lists that the user supplies, such as the catalogue of 两高 projects: `rules/lists/<id>.yaml`.

An industry code alone never decides: an entry that names only codes says "listed, to be confirmed". An entry decides
when it carries a condition that the facts meet; that a project is on no entry decides when the list is complete.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from zoning.errors import ContentError, every_mistake
from zoning.rules.condition_fields import ConditionalContent
from zoning.rules.conditions import AtPlace, Condition, expanded, leaves, parse_condition
from zoning.rules.derivation.entries import Words
from zoning.rules.derivation.industry import level_mistake
from zoning.rules.facts import FactSheet, Vocabulary
from zoning.rules.situation import Situation
from zoning.rules.truth import Answer, Truth
from zoning.texts import Text, joined
from zoning.yaml_files import Mistake, Problem, YamlFile, content_error, load, validate

CODE = "industry_code"
"""The fact whose codes the entries of a list name."""


def _facts_only(raw: object) -> Condition:
    condition = parse_condition(raw)
    if any(isinstance(leaf, AtPlace) for leaf in leaves(condition)):
        raise Mistake(
            Text("清单的条件只能写项目事实，不能写地点", "the condition of a list speaks of facts, not of places")
        )
    return condition


class ListEntry(ConditionalContent):
    """One line of a list.

    Attributes
    ----------
    codes
        Levels of the industry classification; none where the list names a product only.
    threshold
        What the line requires beside the code, in words: process, capacity.
    when
        The same in the rule language; without it the line never decides.
    """

    product: Text
    codes: Words = ()
    threshold: Text | None = None
    when: Annotated[Condition, BeforeValidator(_facts_only)] | None = None

    @model_validator(mode="after")
    def _levels(self) -> "ListEntry":
        for level in self.codes:
            wrong = level_mistake(level)
            if wrong is not None:
                raise Mistake(wrong, ("codes",))
        return self

    def covers(self, codes: tuple[str, ...]) -> bool:
        """Tell whether one of a project's codes lies under the line, or the line names none."""
        wanted = set(self.codes)
        return not wanted or any(not wanted.isdisjoint(getattr(code, "levels", (code,))) for code in codes)


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """What a list says of a project, and why."""

    value: Literal["yes", "no"]
    because: tuple[str, ...]
    basis: Text


class FactList(ConditionalContent):
    """A list with its issuer and dates. It decides nothing until the user has filled it.

    Attributes
    ----------
    source
        Number and place of publication.
    complete
        The list is whole: what no line covers is not on it.
    needs
        What has to be supplied, as long as the list is empty.
    """

    title: Text
    issuer: Text | None = None
    source: Text | None = None
    issued: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    complete: bool = False
    needs: Text
    entries: tuple[ListEntry, ...] = ()

    @model_validator(mode="after")
    def _sourced(self) -> "FactList":
        if self.entries and None in (self.issuer, self.source, self.issued, self.valid_from):
            raise Mistake(
                Text(
                    "有条目的清单须写 issuer、source、issued、valid_from",
                    "a list with entries needs 'issuer', 'source', 'issued' and 'valid_from'",
                ),
                ("entries",),
            )
        if self.complete and not self.entries:
            raise Mistake(Text("空清单不能写 complete", "an empty list is not complete"), ("complete",))
        return self

    def holds_on(self, day: date) -> bool:
        """Tell whether the list has entries and is in force on a day."""
        begun = self.valid_from is not None and self.valid_from <= day
        return bool(self.entries) and begun and (self.valid_to is None or day <= self.valid_to)

    def answer(self, facts: FactSheet, on: date) -> ListAnswer | None:
        """Return what follows from the list; None where it leaves the fact unknown."""
        if not self.holds_on(on):
            return None
        codes = _codes(facts)
        open_ = False
        for entry in self.entries:
            truth = _decide(entry, facts, on).truth
            if truth is Truth.FALSE or (codes is not None and not entry.covers(codes)):
                continue
            if truth is Truth.TRUE and entry.covers(codes or ()):
                return ListAnswer("yes", tuple(str(code) for code in codes or ()), self._says(entry.product))
            open_ = True
        if open_ or not self.complete or codes is None:
            return None
        basis = Text(f"未列入《{self.title.zh}》{self._named().zh}", f"not on '{self.title.en}' {self._named().en}")
        return ListAnswer("no", tuple(str(code) for code in codes), basis)

    def hints(self, facts: FactSheet, on: date, vocabulary: Vocabulary) -> tuple[Text, ...]:
        """Return what the list says to someone who has to answer the question."""
        if not self.entries:
            return (self.needs,)
        if not self.holds_on(on):
            return (Text(f"《{self.title.zh}》在 {on} 不生效", f"'{self.title.en}' is not in force on {on}"),)
        codes = _codes(facts)
        texts = []
        for entry in self.entries:
            decided = _decide(entry, facts, on)
            if codes is not None and entry.covers(codes) and decided.truth is Truth.UNKNOWN:
                texts.append(self._to_confirm(entry, decided, vocabulary))
        return tuple(texts)

    def _to_confirm(self, entry: ListEntry, decided: Answer, vocabulary: Vocabulary) -> Text:
        says = self._says(entry.product)
        if decided.missing:
            needed = joined(vocabulary.facts[name].title for name in decided.missing)
            return Text(f"{says.zh}；还须知道：{needed.zh}", f"{says.en}; also needed: {needed.en}")
        limit = entry.threshold or Text("产品、工艺和规模", "product, process and capacity")
        return Text(f"{says.zh}；须核对：{limit.zh}", f"{says.en}; to be confirmed: {limit.en}")

    def _says(self, product: Text) -> Text:
        return Text(
            f"列入《{self.title.zh}》{self._named().zh}：{product.zh}",
            f"on '{self.title.en}' {self._named().en}: {product.en}",
        )

    def _named(self) -> Text:
        if self.issuer is None or self.source is None:
            return Text("", "")
        return Text(
            f"（{self.issuer.zh}，{self.source.zh}，{self.issued}）",
            f"({self.issuer.en}, {self.source.en}, {self.issued})",
        )


def read_lists(folder: Path, vocabulary: Vocabulary, load: Callable[[Path], YamlFile] = load) -> dict[str, FactList]:
    """Read `rules/lists/`: every list by its id, the conditions compared with the facts.

    Parameters
    ----------
    load
        Reads a file; that of `zoning.yaml_files` when it is left out.

    Raises
    ------
    ContentError
        With all mistakes of all files, and lists that a fact names but that are not there.
    """
    lists: dict[str, FactList] = {}
    mistakes: list[ContentError] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            file = load(path)
            found = validate(file, FactList, file.value)
        except ContentError as error:
            mistakes.append(error)
            continue
        entries = []
        for index, entry in enumerate(found.entries):
            when = None if entry.when is None else expanded(entry.when, vocabulary)
            wrong = [] if when is None else when.mistakes(vocabulary, {})
            at = ("entries", index, "when")
            problems.extend(Problem(path, file.line((*at, *mistake.at)), mistake.text) for mistake in wrong)
            entries.append(entry.model_copy(update={"when": when}))
        lists[path.stem] = found.model_copy(update={"entries": tuple(entries)})
    problems.extend(_absent(folder, vocabulary, lists, complete=not mistakes))
    if problems:
        mistakes.append(content_error(problems))
    if mistakes:
        raise every_mistake(error.text for error in mistakes)
    return lists


def _absent(folder: Path, vocabulary: Vocabulary, lists: Mapping[str, FactList], *, complete: bool) -> list[Problem]:
    named = [e.list_ for fact in vocabulary.facts.values() for e in fact.derive if e.list_ is not None]
    return [
        Problem(
            folder / f"{name}.yaml",
            1,
            Text("facts.yaml 提到这份清单，但没有这个文件", "facts.yaml names this list, but there is no such file"),
        )
        for name in dict.fromkeys(named)
        if complete and name not in lists
    ]


def _codes(facts: FactSheet) -> tuple[str, ...] | None:
    codes = facts.get(CODE)
    return codes if isinstance(codes, tuple) else None


def _decide(entry: ListEntry, facts: FactSheet, on: date) -> Answer:
    if entry.when is None:
        return Answer(Truth.UNKNOWN)
    return entry.when.decide(Situation("", 0.0, {}, {}, facts, on), {})
