"""All access lists of a workspace: reads `rules/access-lists/*.yaml`, compares them with the facts and each other."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from zoning.citations import binds_in
from zoning.errors import ContentError, every_mistake
from zoning.rules.access.clauses import AccessList, Clause
from zoning.rules.access.unit_codes import class_in, county_in, is_unit_code
from zoning.rules.access.words import CLASS_TITLES
from zoning.rules.conditions import AtPlace, Condition, expanded, leaves, strictly
from zoning.rules.facts import Vocabulary
from zoning.rules.places import Where
from zoning.texts import Text
from zoning.yaml_files import Key, Problem, YamlFile, content_error, load, validate

FOLDER = "access-lists"
"""Below `rules/`."""


@dataclass(frozen=True)
class AccessLists:
    """All editions of a workspace, by id."""

    editions: Mapping[str, AccessList]
    sha256: str

    def last_day(self, edition: AccessList) -> date:
        """Return the last day of an edition: its own, or the day before the edition that took its place."""
        follower = self.editions.get(edition.superseded_by or "")
        ends = [edition.valid_to or date.max]
        if follower is not None:
            ends.append(follower.valid_from - timedelta(days=1))
        return min(ends)

    def in_force(self, on: date) -> tuple[AccessList, ...]:
        """Return the editions that hold on a day, by id."""
        return tuple(e for e in self.editions.values() if e.valid_from <= on <= self.last_day(e))

    def for_unit(self, code: str, on: date) -> tuple[AccessList, ...]:
        """Return the editions that count for a unit on a day: schematic ones only while no real one knows the unit."""
        editions = self.in_force(on)
        if any(edition.speaks_of(code) and not edition.schematic for edition in editions):
            return tuple(edition for edition in editions if not edition.schematic)
        return editions

    @cached_property
    def former_codes(self) -> Mapping[str, str]:
        """County codes of the past -> those of today, from all editions."""
        return {old: new for edition in self.editions.values() for old, new in edition.former_codes.items()}


NO_LISTS = AccessLists({}, hashlib.sha256().hexdigest())


def read_access_lists(folder: Path, vocabulary: Vocabulary) -> AccessLists:
    """Read all editions in `folder`; a folder that is not there holds none.

    Raises
    ------
    ContentError
        With all mistakes of all files at once.
    """
    digest = hashlib.sha256()
    editions: dict[str, AccessList] = {}
    files: dict[str, YamlFile] = {}
    wrong: list[ContentError] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            files[path.stem] = load(path)
            editions[path.stem] = read_edition(files[path.stem], vocabulary)
        except ContentError as error:
            wrong.append(error)
            continue
        digest.update(path.name.encode())
        digest.update(files[path.stem].raw)
    if not wrong:
        problems = list(_between_editions(AccessLists(editions, ""), files))
        if problems:
            wrong.append(content_error(problems))
    if wrong:
        raise every_mistake(error.text for error in wrong)
    return AccessLists(editions, digest.hexdigest())


def read_edition(file: YamlFile, vocabulary: Vocabulary) -> AccessList:
    """Turn one file into an edition, its conditions compared with the facts.

    Raises
    ------
    ContentError
        With all mistakes of the file.
    """
    if not isinstance(file.value, dict):
        raise content_error([Problem(file.path, 1, Text("应为键值表", "a table of keys and values is expected"))])
    edition = validate(file, AccessList, {"id": file.path.stem, **file.value})
    edition = edition.model_copy(update={"clauses": tuple(_settled(c, vocabulary) for c in edition.clauses)})
    problems = [*_wrong_units(edition, file), *_wrong_clauses(edition, file, vocabulary)]
    if problems:
        raise content_error(sorted(problems, key=lambda problem: problem.line))
    return edition


def _settled(clause: Clause, vocabulary: Vocabulary) -> Clause:
    """Return the clause with its conditions read so that a project of several activities never slips through."""
    if clause.applies_when is None and clause.complies_when is None:
        return clause

    def settled(condition: Condition | None, *, binds: bool) -> Condition | None:
        return None if condition is None else strictly(expanded(condition, vocabulary), binds=binds)

    return clause.model_copy(
        update={
            "applies_when": settled(clause.applies_when, binds=True),
            "complies_when": settled(clause.complies_when, binds=False),
        }
    )


def _wrong_units(edition: AccessList, file: YamlFile) -> Iterator[Problem]:
    twice = {code for code, count in Counter(record.code for record in edition.units).items() if count > 1}
    for index, record in enumerate(edition.units):
        at: Key = ("units", index, "code")
        if not is_unit_code(record.code):
            yield _problem(file, at, _bad_code(record.code))
        elif record.code in twice:
            text = Text(
                f"单元 {record.code} 写了两次；请合并为一条", f"unit {record.code} stands here twice: make it one entry"
            )
            yield _problem(file, at, text)
        told = class_in(record.code)
        if record.class_ is not None and told is not None and told != record.class_:
            yield _problem(
                file, ("units", index, "class"), class_contradiction(record.code, CLASS_TITLES[record.class_])
            )


def class_contradiction(code: str, told: Text) -> Text:
    """Return the sentence about a unit whose code and class disagree."""
    title = CLASS_TITLES[class_in(code) or "general"]
    return Text(
        f"单元 {code} 的编码表示{title.zh}，清单却写{told.zh}；请向发布机关核实后改正其一",
        f"the code of unit {code} says {title.en}, the list says {told.en}: ask the issuer and correct one of them",
    )


def _bad_code(code: str) -> Text:
    return Text(
        f"“{code}”不是管控单元编码：应为 ZH、6 位县级代码、1 位类别（1 优先 2 重点 3 一般）、4 位序号，"
        "如 ZH14052210001",
        f"'{code}' is no unit code: ZH, six digits of the county, one of the class (1 priority, 2 key, 3 general), "
        "four of the serial number, such as ZH14052210001",
    )


def _wrong_clauses(edition: AccessList, file: YamlFile, vocabulary: Vocabulary) -> Iterator[Problem]:
    seen: dict[tuple[str, str | None, str], int] = {}
    for index, clause in enumerate(edition.clauses):
        at: Key = ("clauses", index)
        first = seen.setdefault((clause.level, clause.unit, clause.number), index)
        if first != index:
            line = file.line(("clauses", first))
            text = Text(
                f"条号 {clause.number} 在同一级别、同一单元中已用于第 {line} 行；请改一个",
                f"the number {clause.number} is used in line {line} for the same level and unit: change one",
            )
            yield _problem(file, (*at, "number"), text)
        yield from _wrong_unit_of(clause, edition, file, at)
        for key, condition in (("applies_when", clause.applies_when), ("complies_when", clause.complies_when)):
            for mistake in condition.mistakes(vocabulary, {}) if condition is not None else ():
                yield _problem(file, (*at, key, *mistake.at), mistake.text)


def _wrong_unit_of(clause: Clause, edition: AccessList, file: YamlFile, at: Key) -> Iterator[Problem]:
    if clause.unit is None:
        if clause.level == "unit":
            text = Text("level 为 unit 的条款须写 unit（单元编码）", "a clause of level 'unit' needs 'unit' (its code)")
            yield _problem(file, at, text)
        return
    if not is_unit_code(clause.unit):
        yield _problem(file, (*at, "unit"), _bad_code(clause.unit))
    elif clause.unit not in edition.records:
        near = get_close_matches(clause.unit, list(edition.records), n=1)
        hint_zh, hint_en = "；请在 units 中登记", ": enter it there"
        if near:
            hint_zh, hint_en = f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?"
        text = Text(
            f"units 中没有单元“{clause.unit}”{hint_zh}", f"there is no unit '{clause.unit}' under 'units'{hint_en}"
        )
        yield _problem(file, (*at, "unit"), text)


def _between_editions(lists: AccessLists, files: Mapping[str, YamlFile]) -> Iterator[Problem]:
    for name, edition in lists.editions.items():
        file = files[name]
        follower = edition.superseded_by
        if follower is None:
            continue
        if follower not in lists.editions or follower == name:
            near = get_close_matches(follower, [other for other in lists.editions if other != name], n=1)
            hint_zh, hint_en = "；请先导入它，或删去这一行", ": import it first, or delete this line"
            if near:
                hint_zh, hint_en = f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?"
            text = Text(
                f"superseded_by：没有清单版本“{follower}”{hint_zh}",
                f"superseded_by: there is no edition '{follower}'{hint_en}",
            )
            yield _problem(file, ("superseded_by",), text)
        elif lists.editions[follower].valid_from <= edition.valid_from:
            text = Text(
                f"superseded_by：“{follower}”并不晚于本版本生效，不能取代它",
                f"superseded_by: '{follower}' does not begin after this edition and cannot take its place",
            )
            yield _problem(file, ("superseded_by",), text)
    yield from _two_lists_at_once(lists, files)


def _two_lists_at_once(lists: AccessLists, files: Mapping[str, YamlFile]) -> Iterator[Problem]:
    """Yield units for which two editions hold requirements on the same day: which of them counts, nobody can tell."""
    told: set[tuple[str, str]] = set()
    for code, one, other in _both_in_force(lists):
        if (one.id, other.id) not in told:
            told.add((one.id, other.id))
            day = max(one.valid_from, other.valid_from)
            text = Text(
                f"单元 {code} 的清单同时见于“{one.id}”，两个版本在 {day} 都有效；"
                "请在旧版本写 superseded_by 或 valid_to",
                f"'{one.id}' holds a list for unit {code} as well, and both are in force on {day}: give the older one "
                "'superseded_by' or 'valid_to'",
            )
            yield _problem(files[other.id], ("valid_from",), text)


def _both_in_force(lists: AccessLists) -> Iterator[tuple[str, AccessList, AccessList]]:
    holders: dict[str, list[AccessList]] = {}
    for edition in lists.editions.values():
        for code in dict.fromkeys((*edition.records, *edition.by_unit)):
            if edition.speaks_of(code):
                holders.setdefault(code, []).append(edition)
    for code, editions in holders.items():
        for one, other in _pairs(editions):
            together = max(one.valid_from, other.valid_from) <= min(lists.last_day(one), lists.last_day(other))
            if together and one.schematic == other.schematic:
                yield code, one, other


def refuse_second_list(lists: AccessLists, edition: AccessList) -> None:
    """Refuse an edition that would speak of a unit beside another one on the same day.

    Raises
    ------
    ContentError
        With what has to be written into the other edition first.
    """
    joined = AccessLists({**lists.editions, edition.id: edition}, "")
    for code, one, two in _both_in_force(joined):
        if edition.id not in (one.id, two.id):
            continue
        other = two if one.id == edition.id else one
        first_zh = f"如是同一版本的更正，改用 --id {other.id} --replace"
        first_en = f"for a correction of that edition use --id {other.id} --replace"
        if other.valid_from < edition.valid_from:
            last = edition.valid_from - timedelta(days=1)
            first_zh = f"请先在 {other.id}.yaml 写 valid_to: {last}；{first_zh}"
            first_en = f"write 'valid_to: {last}' into {other.id}.yaml first; {first_en}"
        raise ContentError(
            f"没有导入：单元 {code} 的清单已见于“{other.id}”，两个版本会同时有效；{first_zh}",
            f"nothing imported: '{other.id}' holds a list for unit {code} already, and both would be in force on the "
            f"same day; {first_en}",
        )


def _pairs(editions: list[AccessList]) -> Iterable[tuple[AccessList, AccessList]]:
    return ((one, other) for index, one in enumerate(editions) for other in editions[index + 1 :])


def _problem(file: YamlFile, at: Key, text: Text) -> Problem:
    return Problem(file.path, file.line(at), text)


def places_of_list(edition: AccessList) -> Iterator[tuple[Key, Where]]:
    """Yield every place that the conditions of a list speak of, with where it stands in the file."""
    for index, clause in enumerate(edition.clauses):
        for key, condition in (("applies_when", clause.applies_when), ("complies_when", clause.complies_when)):
            for leaf in leaves(condition) if condition is not None else ():
                if isinstance(leaf, AtPlace):
                    yield ("clauses", index, key, *leaf.at), leaf.where


def foreign_counties(edition: AccessList) -> tuple[str, ...]:
    """Return the county codes inside unit codes that the edition's territories do not cover, and no table explains.

    They can be codes that were valid before a county was renamed: to be told, not refused.
    """
    counties = dict.fromkeys(county for record in edition.units if (county := county_in(record.code)) is not None)
    return tuple(
        county for county in counties if not binds_in(edition.territories, edition.former_codes.get(county, county))
    )
