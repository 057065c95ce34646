"""The book of all rules: reads `rules/<document>/<rule>.yaml`, and compares them with documents and facts."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import Field

from zoning.citations import EVERYWHERE, Document, binds_in, is_local
from zoning.errors import ContentError, every_mistake
from zoning.mistakes import meant
from zoning.rules.access.lists import FOLDER as ACCESS_LISTS
from zoning.rules.access.lists import NO_LISTS, AccessLists, read_access_lists
from zoning.rules.conditions import Condition, expanded
from zoning.rules.derivation.fact_lists import FactList, read_lists
from zoning.rules.derivation.industry import CODES
from zoning.rules.facts import Vocabulary
from zoning.rules.figures import figure_mistakes
from zoning.rules.rule import LAW_ID, Rule
from zoning.rules.rule_lines import line_of
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import Key, Problem, YamlFile, content_error, load, model_of, validate

NOT_RULES = ("cases", "access-lists", "lists")
"""Folders beside those of the documents."""


@dataclass(frozen=True)
class Rulebook:
    """All rules of a workspace with their documents and the facts that they ask for."""

    rules: tuple[Rule, ...]
    documents: dict[str, Document]
    vocabulary: Vocabulary
    sha256: str
    complete_from: Mapping[str, date] = field(default_factory=dict)
    access_lists: AccessLists = NO_LISTS
    lists: Mapping[str, FactList] = field(default_factory=dict)
    _chosen: dict[tuple[date, str], tuple[Rule, ...]] = field(default_factory=dict, repr=False, compare=False)

    def in_force(self, on: date, territory: str) -> tuple[Rule, ...]:
        """Return the rules that bind in `territory` on a day, ordered by id."""
        key = (on, territory)
        if key not in self._chosen:
            self._chosen[key] = tuple(
                r for r in self.rules if r.in_force.covers(on) and binds_in(r.territories, territory)
            )
        return self._chosen[key]

    def is_complete(self, on: date, territory: str) -> bool:
        """Tell whether the base holds the law of a territory on a day: where it does not, nothing is permitted.

        Without an entry in `complete_from` a local rule in force is taken for a complete base: the law of the country
        and of the province alone says nothing of a county's own zones.
        """
        starts = [start for code, start in self.complete_from.items() if binds_in((code,), territory)]
        if starts:
            return on >= max(starts)
        return any(is_local(code) for rule in self.in_force(on, territory) for code in rule.territories)

    def get(self, rule_id: str) -> Rule | None:
        """Return a rule by its id."""
        return self._by_id.get(rule_id)

    def is_verified(self, rule: Rule) -> bool:
        """Tell whether the text that the rule rests on was read: otherwise it never decides alone."""
        return rule.citation.verified and self.documents[rule.citation.document].verified

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}


class _Documents(Content):
    documents: dict[str, Document]
    complete_from: dict[str, date] = Field(default_factory=dict)


def read_rulebook(folder: Path) -> Rulebook:
    """Read `rules/`: documents, facts, and every rule file.

    Raises
    ------
    ContentError
        With all mistakes of all files at once.
    """
    shelf = _Shelf(folder)
    listed, problems = _read_documents(shelf.load(folder / "documents.yaml"))
    vocabulary = model_of(shelf.load(folder / "facts.yaml"), Vocabulary)
    unreadable: list[ContentError] = []
    read: list[tuple[Rule, YamlFile]] = []
    for path in _rule_files(folder):
        try:
            file = shelf.load(path)
            read.append((rule_from(file, vocabulary), file))
        except ContentError as error:
            unreadable.append(error)
    for rule, file in read:
        problems.extend(contradictions(rule, file, listed.documents, vocabulary))
    files = {file.path: file for _, file in read}
    problems.extend(_wrong_references([rule for rule, _ in read], folder, files, complete=not unreadable))
    if problems:
        unreadable.append(content_error(problems))
    access_lists, lists = NO_LISTS, dict[str, FactList]()
    try:
        access_lists = read_access_lists(folder / ACCESS_LISTS, vocabulary)
        lists = read_lists(folder / "lists", vocabulary, shelf.load)
    except ContentError as error:
        unreadable.append(error)
    if unreadable:
        raise every_mistake(error.text for error in unreadable)
    return Rulebook(
        rules=tuple(sorted((rule for rule, _ in read), key=lambda rule: rule.id)),
        documents=listed.documents,
        vocabulary=vocabulary,
        sha256=shelf.sha256(access_lists),
        complete_from=listed.complete_from,
        access_lists=access_lists,
        lists=lists,
    )


def _rule_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*/*.yaml")) if path.parent.name not in NOT_RULES]


class _Shelf:
    """The files of `rules/`, each read once: the digest is that of the very bytes that the rules were made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._raw: dict[Path, bytes] = {}

    def load(self, path: Path) -> YamlFile:
        """Read a file."""
        file = load(path)
        self._raw[path] = file.raw
        return file

    def sha256(self, access_lists: AccessLists) -> str:
        """Return the hash of everything that a finding can depend on."""
        codes = self.folder / CODES
        if codes.is_file():
            self._raw[codes] = codes.read_bytes()
        first = [self.folder / name for name in ("documents.yaml", "facts.yaml", codes.name)]
        digest = hashlib.sha256()
        for path in (
            *(path for path in first if path in self._raw),
            *(path for path in self._raw if path not in first),
        ):
            digest.update(path.relative_to(self.folder).as_posix().encode())
            digest.update(self._raw[path])
        digest.update(access_lists.sha256.encode())
        return digest.hexdigest()


def _read_documents(file: YamlFile) -> tuple[_Documents, list[Problem]]:
    path, listed = file.path, model_of(file, _Documents)
    documents = listed.documents
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    for name, document in documents.items():
        at: Key = ("documents", name)
        if document.superseded_by is not None and document.superseded_by not in documents:
            text = Text(
                f"superseded_by：没有文件“{document.superseded_by}”",
                f"superseded_by: there is no document '{document.superseded_by}'",
            )
            problems.append(Problem(path, file.line((*at, "superseded_by")), text))
        if document.valid_to is not None and document.valid_to < document.valid_from:
            text = Text("valid_to 早于 valid_from；请核对两个日期", "valid_to lies before valid_from: check both dates")
            problems.append(Problem(path, file.line((*at, "valid_to")), text))
        short = document.abbreviation
        if short is not None and taken.setdefault(short, name) != name:
            text = Text(f"缩写 {short} 已用于 {taken[short]}", f"the abbreviation {short} is used by {taken[short]}")
            problems.append(Problem(path, file.line((*at, "abbreviation")), text))
    return listed, problems


def rule_from(file: YamlFile, vocabulary: Vocabulary) -> Rule:
    """Turn a file `<document>/<rule>.yaml` into a rule; it is not yet compared with documents and facts.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    path, raw = file.path, file.value
    document = path.parent.name
    if not isinstance(raw, dict):
        raise content_error([Problem(path, 1, Text("应为键值表", "a table of keys and values is expected"))])
    citation = raw.get("citation")
    if isinstance(citation, dict):
        raw = {**raw, "citation": [{"document": document, **citation}]}
    elif isinstance(citation, list):
        named = [{"document": document, **item} if isinstance(item, dict) else item for item in citation]
        raw = {**raw, "citation": named}
    rule = validate(file, Rule, {"id": path.stem, "document": document, **raw})
    return _with_groups(rule, vocabulary)


def _with_groups(rule: Rule, vocabulary: Vocabulary) -> Rule:
    def resolved(condition: Condition) -> Condition:
        return expanded(condition, vocabulary)

    provisos = tuple(p.model_copy(update={"when": resolved(p.when)}) for p in rule.provisos)
    when = None if rule.when is None else resolved(rule.when)
    return rule.model_copy(update={"when": when, "provisos": provisos})


def contradictions(rule: Rule, file: YamlFile, documents: dict[str, Document], vocabulary: Vocabulary) -> list[Problem]:
    """Return where a rule does not fit the documents, the facts that may be asked for, or its own figures."""

    def problem(at: Key, zh: str, en: str) -> Problem:
        return Problem(file.path, file.line(at), Text(zh, en))

    problems: list[Problem] = []
    if rule.id != file.path.stem:
        problems.append(problem(("id",), "编号须与文件名相同", "the id must be the name of the file"))
    for index, citation in enumerate(rule.citations):
        document = documents.get(citation.document)
        if document is None:
            named = citation.document
            near = meant(named, documents)
            at = next((k for k in (("citation", index, "document"), ("citation", "document")) if k in file.lines), ())
            place = Text("document", "'document'") if at else Text("文件夹名", "the name of the folder")
            problems.append(
                problem(
                    at,
                    f"documents.yaml 中没有文件“{named}”；先在那里登记，或改正{place.zh}{near.zh}",
                    f"documents.yaml has no document '{named}': enter it there, or correct {place.en}{near.en}",
                )
            )
            continue
        strange = [code for code in rule.territories if not _covered(code, document.territories)]
        if strange:
            problems.append(
                problem(
                    ("territories",),
                    f"规则不能在其发文机关辖区之外生效：{strange[0]}；该文件的辖区为 {', '.join(document.territories)}",
                    f"a rule cannot bind outside the territory of its issuer: {strange[0]}; "
                    f"the document binds in {', '.join(document.territories)}",
                )
            )
    problems.extend(_id_and_dates(rule, file, documents.get(rule.document)))
    conditions: list[tuple[Key, Condition]] = [] if rule.when is None else [(("when",), rule.when)]
    conditions.extend((("provisos", index, "when"), p.when) for index, p in enumerate(rule.provisos))
    for key, condition in conditions:
        wrong = condition.mistakes(vocabulary, rule.values)
        problems.extend(Problem(file.path, file.line((*key, *mistake.at)), mistake.text) for mistake in wrong)
    for index, where in enumerate(rule.where):
        line = line_of(file, ("where", index))
        problems.extend(Problem(file.path, line, text) for text in where.mistakes(rule.values))
    problems.extend(Problem(file.path, file.line(m.at), m.text) for m in figure_mistakes(rule))
    return problems


def _id_and_dates(rule: Rule, file: YamlFile, document: Document | None) -> list[Problem]:
    if document is None:
        return []
    problems: list[Problem] = []
    match = LAW_ID.match(rule.id)
    if match and match["abbreviation"] != document.abbreviation:
        text = Text(
            f"编号以 {match['abbreviation']} 开头，而该文件的缩写是 {document.abbreviation}",
            f"the id begins with {match['abbreviation']}, the abbreviation of the document is {document.abbreviation}",
        )
        problems.append(Problem(file.path, 1, text))
    last = rule.in_force.to or date.max
    if rule.in_force.from_ < document.valid_from or last > (document.valid_to or date.max):
        end = document.valid_to or "…"
        text = Text(
            f"规则的有效期超出文件的有效期（{document.valid_from} 至 {end}）",
            f"the rule is in force outside the days of its document ({document.valid_from} to {end})",
        )
        problems.append(Problem(file.path, file.line(("in_force",)), text))
    return problems


def _covered(code: str, territories: tuple[str, ...]) -> bool:
    return EVERYWHERE in territories if code == EVERYWHERE else binds_in(territories, code)


def _wrong_references(
    rules: Iterable[Rule], folder: Path, files: dict[Path, YamlFile], *, complete: bool
) -> list[Problem]:
    """Return ids that are used twice, and names of rules that do not exist."""
    problems: list[Problem] = []
    seen: dict[str, Rule] = {}
    listed = sorted(rules, key=lambda rule: rule.id)
    for rule in listed:
        path = folder / rule.document / f"{rule.id}.yaml"
        if rule.id in seen:
            text = Text(
                f"规则编号 {rule.id} 已用于 {seen[rule.id].document}；一个编号只用一次，请改文件名或删去其中一个",
                f"the id {rule.id} is used in {seen[rule.id].document} already: rename the file, or delete one of them",
            )
            problems.append(Problem(path, 1, text))
        seen[rule.id] = rule
    for rule in listed if complete else ():
        path = folder / rule.document / f"{rule.id}.yaml"
        named = [(("superseded_by",), rule.superseded_by)] if rule.superseded_by else []
        named += [(("overrides",), override.rule) for override in rule.overrides]
        for key, other in named:
            if other not in seen:
                near = meant(other, seen)
                text = Text(f"{key[0]}：没有规则“{other}”{near.zh}", f"{key[0]}: there is no rule '{other}'{near.en}")
                problems.append(Problem(path, files[path].line(key), text))
    return problems
