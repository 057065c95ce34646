"""A check that a program asks for: run, kept, and told as JSON."""

from collections.abc import Mapping
from typing import Any

from zoning.registers.failures import RegisterFailedError
from zoning.texts import Language, Text
from zoning.web.access import Who
from zoning.web.api.content.handed_in import HandedIn
from zoning.web.checks import Check, get_check, run_check
from zoning.web.refusals import Refused, not_found
from zoning.web.server import Server
from zoning.web.uploads import upload_folder


def check_now(server: Server, who: Who, told: HandedIn, language: Language) -> Check:
    """Check a boundary and wait for the answer.

    Raises
    ------
    Refused
        503 when the end of the check could not be written yet: it has no verdicts then, which says nothing of the site.
    UsageError, ContentError
        As `zoning.web.checks.run_check`.
    """
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
    try:
        found = get_check(server, check)
    except RegisterFailedError as error:
        raise _not_yet(check) from error
    if found is None:
        raise AssertionError(check)
    if found.state == "waiting":
        raise _not_yet(check)
    return found


def _not_yet(check: str) -> Refused:
    text = Text(
        f"检查 {check} 的结论还没有写入登记；请稍后用 GET /api/v1/checks/{check} 取得，不必再传",
        f"the end of check {check} is not written yet: ask for it with GET /api/v1/checks/{check} a little later; the "
        "site need not be sent again",
    )
    return Refused(503, text, {"Retry-After": "5"})


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
