"""What pages and programs both do to cases: register one from a check, bring one into another state."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from zoning.errors import UsageError
from zoning.registers.case_changes import create_case
from zoning.registers.case_rows import CaseConflictError, case_parts, conflict
from zoning.registers.files import Copy
from zoning.registers.place import Place, stored_record
from zoning.registers.record import Value
from zoning.registers.workflow import move_within
from zoning.web.access import Who
from zoning.web.cases.checking import Found
from zoning.web.cases.place import case_place
from zoning.web.checks import Check, get_check
from zoning.web.hooks.announce import announce
from zoning.web.refusals import not_found
from zoning.web.server import Server

DECIDED: Final = "decided"
RESERVED: Final = ("new", "map", "export.xlsx", "export.gpkg")
"""Addresses of their own, no numbers of cases."""


def check_of(server: Server, who: Who, check: str) -> Check:
    """Return a check that somebody may take for a case: his own, or one that is shared.

    Raises
    ------
    Refused
        404.
    """
    found = get_check(server, check)
    if found is None or not (found.account == who.name or found.is_shared):
        raise not_found("没有这次检查", "there is no such check")
    return found


def register_case(server: Server, who: Who, number: str, values: Mapping[str, Value], found: Found | None) -> str:
    """Register a case; return its number.

    Parameters
    ----------
    number
        "" takes the next free one.
    found
        Its first verdict with the boundary, where there is one.

    Raises
    ------
    CaseConflictError
        When the number is taken.
    ContentError, UsageError
        When values do not fit, or the number cannot stand in an address.
    """
    if number in RESERVED:
        raise CaseConflictError(f"案件编号 {number} 不能用", f"the case number {number} cannot be used")
    place = case_place(server)
    with place.database.writing() as connection:
        return create_case(
            connection,
            place,
            number,
            values,
            server.stamp(who),
            geometry=found.geometry if found is not None else None,
            verdict=found.verdict if found is not None else None,
            files=found.files if found is not None else (),
        )


def move_case(
    server: Server,
    who: Who,
    number: str,
    to: str,
    *,
    version: int,
    reason: str = "",
    evidence: Sequence[Copy] = (),
) -> int:
    """Bring a case into another state; return its new version.

    Raises
    ------
    CaseConflictError
        When somebody else has changed it since it was read.
    UsageError
        When there is no such step, it is not for the person's roles, it goes back without a reason; when a case is to
        be decided that has no verdict, or whose override waits for a second person.
    ContentError
        When the register does not answer, or the change cannot be written.
    """
    place, stamp = case_place(server), server.stamp(who)
    with place.database.writing() as connection:
        row = stored_record(connection, place, number)
        if row["version"] != version:
            raise conflict(connection, place, number)
        _demand_decidable(connection, place, number, to)
        new = move_within(
            connection,
            place,
            number,
            to,
            on=server.today(),
            stamp=stamp,
            version=version,
            reason=reason,
            evidence=evidence,
            role=_role(place, who, row["state"], to),
        )
        if to == DECIDED:
            announce(connection, "case.decided", _decided(connection, place, number, new), stamp)
    return new


def _role(place: Place, who: Who, state: str, to: str) -> str:
    """Return the role in which somebody takes a step; any of his, where none of them may.

    Never an empty one: with that the register does not ask for roles, as on the command line.
    """
    step = next((one for one in place.type.workflow.transitions if (one.source, one.target) == (state, to)), None)
    fitting = [role for role in (step.roles if step is not None else ()) if role in who.roles]
    return fitting[0] if fitting else min(who.roles, default="nobody")


def _demand_decidable(connection: Connection, place: Place, number: str, to: str) -> None:
    if to != DECIDED:
        return
    parts = case_parts(connection, place, number)
    if parts.last is None:
        raise UsageError("没有研判结论的案件不能办结", "a case without a verdict cannot be decided")
    if parts.waiting is not None:
        raise UsageError("人工改判尚待第二人复核，不能办结", "an override waits for a second person: not decided yet")


def _decided(connection: Connection, place: Place, number: str, version: int) -> dict[str, Any]:
    parts = case_parts(connection, place, number)
    last, standing = parts.last, parts.standing
    told: dict[str, Any] = {"case": number, "version": version, "state": DECIDED}
    if last is not None:
        told |= {"decision": last.decision, "day": last.day.isoformat(), "verdict": last.number}
        told["document"] = last.document
    return {**told, "overridden": standing.decision if standing is not None else None}
