"""A check that a program asks for: run, kept, and told as JSON."""

from collections.abc import Mapping
from typing import Any

from zoning.texts import Language
from zoning.web.access import Who
from zoning.web.api.content.handed_in import HandedIn
from zoning.web.checks import Check, get_check, run_check
from zoning.web.refusals import not_found
from zoning.web.server import Server
from zoning.web.uploads import upload_folder


def check_now(server: Server, who: Who, told: HandedIn, language: Language) -> Check:
    """Check a boundary and wait for the answer."""
    with upload_folder(server) as folder:
        path = told.write(folder)
        check = run_check(
            server,
            who,
            path,
            on=told.on or server.today(),
            language=language,
            facts=told.facts,
            options=told.options,
        )
    found = get_check(server, check)
    if found is None:
        raise AssertionError(check)
    return found


def visible_check(server: Server, who: Who, check: str) -> Check:
    """Return a check that somebody may see: his own, or one that is shared.

    Raises
    ------
    Refused
        404, whether it is not there or not his.
    """
    found = get_check(server, check)
    if found is None or not (found.is_shared or found.account == who.name):
        raise not_found("没有这次检查", "there is no such check")
    return found


def told_check(check: Check) -> dict[str, Any]:
    """Return a check as JSON: its verdicts follow the schema zoning.verdict/1."""
    answer: Mapping[str, Any] = check.answer or {}
    return {
        "check": check.id,
        "state": check.state,
        "at": check.at,
        "on": check.day.isoformat(),
        "file": {"name": check.request["name"], "sha256": check.request["sha256"]},
        "facts": dict(check.facts),
        "decision": check.decision,
        "verdicts": answer.get("verdicts", []),
        "refused": answer.get("refused", []),
        "error": None if check.error is None else dict(check.error),
    }
