"""A decision of people against that of a verdict: one proposes it with a reason, another one confirms or refuses it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, update

from zoning.errors import UsageError
from zoning.registers.canonical import moment
from zoning.registers.case_rows import case_parts, conflict
from zoning.registers.entries import Stamp
from zoning.registers.log import append, check_stamp
from zoning.registers.parts import add_row, demand_text, part_entry, row_of, rows_of
from zoning.registers.place import Place, Row, stored_record
from zoning.registers.schema_cases import StoredOverride
from zoning.rules.verdict import DECISIONS

_WORD = "人工改判|override"


def propose_override(
    connection: Connection, place: Place, record: str, decision: str, reason: str, stamp: Stamp, *, verdict: int
) -> int:
    """Propose another decision than that of a verdict; return the number of the override.

    Parameters
    ----------
    verdict
        The number of the latest verdict as the person saw it.

    Raises
    ------
    UsageError
        When there is no verdict, the decision is that of the verdict, the reason is missing, or another override waits.
    CaseConflictError
        When another verdict or override came in between.
    """
    check_stamp(stamp)
    row = stored_record(connection, place, record)
    parts = case_parts(connection, place, record)
    if parts.last is None:
        raise UsageError(f"{record} 还没有研判结论，不能改判", f"{record} has no verdict yet that could be overridden")
    if parts.last.number != verdict or parts.waiting is not None:
        raise conflict(connection, place, record)
    if decision not in DECISIONS:
        raise UsageError(f"没有结论“{decision}”", f"there is no decision '{decision}'")
    if decision == parts.last.decision:
        raise UsageError("改判的结论与计算结论相同", "this is the decision that was computed")
    values = {
        "verdict": verdict,
        "decision": decision,
        "reason": demand_text(reason, ("改判理由", "the reason")),
        "state": "proposed",
        "proposed_by": stamp.actor,
        "proposed_at": moment(stamp.at),
        "answered_by": "",
        "answered_at": "",
        "answer": "",
    }
    return add_row(connection, place, StoredOverride, row, values, "override", stamp)


def answer_override(
    connection: Connection, place: Place, record: str, number: int, state: str, answer: str, stamp: Stamp
) -> None:
    """Confirm, refuse or withdraw an override that waits.

    Parameters
    ----------
    state
        "confirmed" or "refused" by another person than the one who proposed it; "withdrawn" by that one.

    Raises
    ------
    UsageError
        When it is the wrong person, or a refusal has no reason.
    CaseConflictError
        When it waits no more, or is of an earlier verdict.
    """
    check_stamp(stamp)
    if state not in ("confirmed", "refused", "withdrawn"):
        raise UsageError(f"没有这种答复“{state}”", f"there is no answer '{state}'")
    row = stored_record(connection, place, record)
    found = row_of(connection, place, StoredOverride, record, number, _WORD)
    parts = case_parts(connection, place, record)
    if found["state"] != "proposed" or parts.last is None or found["verdict"] != parts.last.number:
        raise conflict(connection, place, record)
    is_own = found["proposed_by"] == stamp.actor
    if is_own and state != "withdrawn":
        raise UsageError("改判须由提出人以外的第二人复核", "an override is confirmed or refused by a second person")
    if not is_own and state == "withdrawn":
        raise UsageError("只有提出人可以撤回改判", "an override is withdrawn by the one who proposed it")
    told = demand_text(answer, ("不同意的理由", "the reason of the refusal"), empty=state != "refused")
    _answer(connection, place, row, found, {"state": state, "answer": told}, stamp)


def lapse_overrides(connection: Connection, place: Place, record: Row, stamp: Stamp) -> None:
    """End what waits for a second person: a newer verdict has come."""
    for found in rows_of(connection, place, StoredOverride, record["id"]):
        if found["state"] == "proposed":
            _answer(connection, place, record, found, {"state": "lapsed", "answer": ""}, stamp)


def _answer(
    connection: Connection, place: Place, record: Row, found: Row, values: Mapping[str, Any], stamp: Stamp
) -> None:
    told = {**values, "answered_by": stamp.actor, "answered_at": moment(stamp.at)}
    query = update(StoredOverride).where(
        StoredOverride.kind == place.kind,
        StoredOverride.record == record["id"],
        StoredOverride.number == found["number"],
    )
    connection.execute(query.values(told))
    append(connection, [part_entry(place, record, "override-answered", {**found, **told})], stamp)
