"""A new edition from an imported file, and what survives of the conditions that people wrote into the old one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from zoning.errors import UsageError
from zoning.rules.access.clauses import AccessList, Clause, Source
from zoning.rules.access.importing import Imported
from zoning.rules.access.ledger import Ledger
from zoning.rules.access.lists import foreign_counties
from zoning.rules.access.sheets import refusal
from zoning.rules.access.tables import TableFile
from zoning.rules.access.unit_codes import county_in
from zoning.rules.access.writing import Raw, edition_text, one_line
from zoning.sites.where import Where
from zoning.texts import Text
from zoning.yaml_files import MOST_BYTES, Mistake, YamlFile

BY_HAND = ("classes", "applies_when", "complies_when", "effect", "note")
"""Keys of a clause that an import never writes, or would write otherwise."""

_LEAD = """\
由 zoning rules import-list 从发布机关的文件生成。条款文字为清单原文，请勿改写；条件（applies_when、complies_when）、
effect 和 note 可以手写，重新导入同一版本时会保留。
Written by zoning rules import-list. The texts are the list's own words. Conditions (applies_when, complies_when),
effect and note may be added by hand; they survive when the same edition is imported again."""

ClauseKey = tuple[str, str | None, str, str, str]


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What an imported file does not say of itself: whose list it is, and from which day it holds."""

    id: str
    title: str
    issuer: str
    valid_from: date
    imported: date
    valid_to: date | None = None
    number: str = ""
    territories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewEdition:
    """An edition ready to be written.

    Attributes
    ----------
    kept
        Number of clauses whose hand-written keys were carried over.
    """

    edition: AccessList
    text: str
    ledger: Ledger
    kept: int


def new_edition(facts: EditionFacts, table: TableFile, imported: Imported, old: YamlFile | None = None) -> NewEdition:
    """Make the edition of an imported file.

    Parameters
    ----------
    old
        The file of the same edition that it takes the place of: what was written into it by hand is carried over.

    Raises
    ------
    UsageError
        When one of `facts` cannot be meant, or no territory is told and none can be read from the unit codes.
    ContentError
        When the list is too large for one content file.
    """
    before: Raw = old.value if old is not None and isinstance(old.value, dict) else {}
    edition = _edition(facts, table, imported, before)
    kept, lost = _carried_over(edition, before)
    ledger = imported.ledger
    for entry in lost:
        place = f"{entry.get('level', '')} {entry.get('unit', '')} {entry.get('number', '')}"
        ledger.note("condition_lost", f"{' '.join(place.split())} {one_line(_by_hand(entry))}")
    for county in foreign_counties(edition):
        ledger.note("foreign_county", county)
    text = edition_text(edition, kept, _LEAD)
    size = len(text.encode())
    if size > MOST_BYTES:
        raise refusal(
            Where(table.name),
            f"清单写成内容文件有 {size >> 20} MB，超过 {MOST_BYTES >> 20} MB；请按市或县分成几个文件，各作一个版本导入",
            f"as a content file the list has {size >> 20} MB, more than {MOST_BYTES >> 20} MB; cut it by city or "
            "county and import each part as an edition of its own",
        )
    return NewEdition(edition, text, ledger, len(kept))


def _edition(facts: EditionFacts, table: TableFile, imported: Imported, before: Raw) -> AccessList:
    territories = facts.territories or _territories(imported)
    if not territories:
        raise UsageError(
            "请用 --territory 写明清单适用的行政区代码：14（省）、1405（市）或 140522（县）",
            "state with --territory where the list holds: 14 (province), 1405 (city) or 140522 (county)",
        )
    told = {
        "id": facts.id,
        "title": _text(facts.title, before.get("title")),
        "issuer": _text(facts.issuer, before.get("issuer")),
        "number": facts.number,
        "territories": territories,
        "valid_from": facts.valid_from,
        "valid_to": facts.valid_to,
        "source": Source(file=table.name, sheets=imported.sheets, sha256=table.sha256, imported=facts.imported),
        "units": imported.units,
        "clauses": imported.clauses,
    }
    carried = {key: before[key] for key in ("superseded_by", "former_codes", "note") if before.get(key)}
    if facts.valid_to is None and before.get("valid_to"):
        carried["valid_to"] = before["valid_to"]
    try:
        return AccessList.model_validate(told | carried)
    except ValidationError as error:
        first = error.errors()[0]
        inner = first.get("ctx", {}).get("error")
        reason = Text(str(first["msg"]), str(first["msg"]))
        text = inner.text if isinstance(inner, Mistake) else reason
        raise UsageError(text.zh, text.en) from error


def _territories(imported: Imported) -> tuple[str, ...]:
    """Return the one county, city or province in which all units lie, by their codes."""
    counties = {county for record in imported.units if (county := county_in(record.code)) is not None}
    for digits in (6, 4, 2):
        if len(common := {county[:digits] for county in counties}) == 1:
            return tuple(common)
    return ()


def _text(told: str, before: object) -> dict[str, str]:
    """Return a title in both languages: a translation that was written by hand stays while the title is the same."""
    if isinstance(before, Mapping) and before.get("zh") == told and before.get("en"):
        return {"zh": told, "en": str(before["en"])}
    return {"zh": told, "en": told}


def _carried_over(edition: AccessList, before: Raw) -> tuple[dict[int, Raw], list[Raw]]:
    """Return clause index -> hand-written keys, and the old entries whose keys found no clause."""
    entries = before.get("clauses")
    found = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    written = {_key_of_entry(entry): entry for entry in found if _by_hand(entry)}
    kept: dict[int, Raw] = {}
    for index, clause in enumerate(edition.clauses):
        entry = written.pop(_key_of_clause(clause), None)
        if entry is not None:
            # Classes that the imported file states are its own.
            keys = {key: v for key, v in _by_hand(entry).items() if key != "classes" or not clause.classes}
            if keys:
                kept[index] = keys
    return kept, [entry for entry in written.values() if _by_hand(entry).keys() != {"classes"}]


def _by_hand(entry: Raw) -> dict[str, object]:
    return {key: entry[key] for key in BY_HAND if entry.get(key)}


def _key_of_clause(clause: Clause) -> ClauseKey:
    return clause.level, clause.unit, clause.dimension, clause.number, _squeezed(clause.text)


def _key_of_entry(entry: Raw) -> ClauseKey:
    unit = entry.get("unit")
    text = _squeezed(str(entry.get("text") or ""))
    told = (str(entry.get(key) or "") for key in ("level", "dimension", "number"))
    level, dimension, number = told
    return level, str(unit) if unit else None, dimension, number, text


def _squeezed(text: str) -> str:
    return "".join(text.split())
