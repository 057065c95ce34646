"""Rules as the pages show them: which fit a search, and which cases of the register rest on one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from sqlalchemy import func, select

from zoning.citations import binds_in
from zoning.errors import ZoningError
from zoning.registers.schema_cases import StoredVerdict
from zoning.rules.rule import Rule
from zoning.rules.rule_lines import places_of
from zoning.rules.rulebook import Rulebook
from zoning.web.server import Server

_MOST_CASES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty: everything. `state`: "" in force on the day, "all" of all days."""

    words: str = ""
    document: str = ""
    layer: str = ""
    effect: str = ""
    territory: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class RestingCase:
    """A case whose last verdict rests on a rule."""

    number: str
    decision: str
    outcome: str
    day: date


def fitting(rulebook: Rulebook, wanted: Wanted, day: date) -> tuple[Rule, ...]:
    """Return the rules that fit, in the order of the book."""
    return tuple(rule for rule in rulebook.rules if _fits(rule, rulebook, wanted, day))


def _fits(rule: Rule, rulebook: Rulebook, wanted: Wanted, day: date) -> bool:
    if wanted.state != "all" and not rule.in_force.covers(day):
        return False
    if wanted.document and wanted.document not in {one.document for one in rule.citations}:
        return False
    if wanted.effect and rule.effect != wanted.effect:
        return False
    if wanted.territory and not binds_in(rule.territories, wanted.territory):
        return False
    if wanted.layer and wanted.layer not in layers_of(rule):
        return False
    return all(word in _searched(rule, rulebook) for word in wanted.words.lower().split())


def layers_of(rule: Rule) -> frozenset[str]:
    """Return the layers that a rule speaks of."""
    return frozenset(where.layer for _, where in places_of(rule))


def _searched(rule: Rule, rulebook: Rulebook) -> str:
    document = rulebook.documents[rule.citation.document]
    parts = (rule.title, rule.says, document.title)
    texts = [text for part in parts for text in (part.zh, part.en)]
    return " ".join([rule.id, document.number, rule.citation.section, *texts]).lower()


def resting_cases(server: Server, rule: str) -> tuple[RestingCase, ...]:
    """Return the cases of the register whose last verdict found that a rule applies, or could."""
    if find_spec("zoning.web.cases") is None:
        return ()
    read = import_module("zoning.web.cases.place").read_document
    return tuple(_resting(server, rule, read))


def _resting(server: Server, rule: str, read: Any) -> Iterator[RestingCase]:
    last = (
        select(StoredVerdict.kind, StoredVerdict.record, func.max(StoredVerdict.number).label("number"))
        .group_by(StoredVerdict.kind, StoredVerdict.record)
        .subquery()
    )
    query = (
        select(StoredVerdict.record, StoredVerdict.decision, StoredVerdict.day, StoredVerdict.document)
        .join(
            last,
            (StoredVerdict.kind == last.c.kind)
            & (StoredVerdict.record == last.c.record)
            & (StoredVerdict.number == last.c.number),
        )
        .order_by(StoredVerdict.record)
        .limit(_MOST_CASES)
    )
    with server.store.database.reading() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        try:
            document: Mapping[str, Any] = read(server, row.document)
        except (ZoningError, OSError, ValueError):
            continue
        outcomes = [
            one["outcome"]
            for one in document.get("findings", ())
            if one["rule"] == rule and one["outcome"] != "does_not_apply"
        ]
        if outcomes:
            yield RestingCase(row.record, row.decision, outcomes[0], row.day)
