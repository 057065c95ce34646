"""The first page: what waits for whoever signed in."""

from typing import Any

from fastapi import Request, Response
from sqlalchemy import select

from zoning.registers.schema_server import StoredCheck
from zoning.web.access import CASE_EDITORS, Who, signed_in
from zoning.web.accounts.accounts import Accounts
from zoning.web.cases.listing import CaseLine, counts
from zoning.web.cases.pending import marked_lines
from zoning.web.cases.place import has_cases, reads_cases
from zoning.web.cases.words import decision_word
from zoning.web.rendering import render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of

routes = Routes()
_CHECKS = 6


@routes.get("/", access=signed_in())
def home(request: Request) -> Response:
    """Show the first page."""
    server, who = server_of(request), who_of(request)
    reads = reads_cases(who)
    lines = marked_lines(server) if has_cases(server) and reads else ()
    acts = who.has(*CASE_EDITORS)
    return render(
        request,
        "home.html.j2",
        today=server.today(),
        total=len(lines),
        counts=counts(lines),
        decision_word=decision_word,
        confirm=[line for line in lines if line.waiting and line.waiting != who.name] if who.has("reviewer") else [],
        notices=[line for line in lines if line.notices] if acts else [],
        due=sorted((line for line in lines if line.dues), key=_by) if acts else [],
        checks=_checks(server, who),
        can_check=who.has("reviewer", "planner"),
        can_read=reads,
        begins=_begins(server, who),
    )


def _begins(server: Server, who: Who) -> bool:
    """Tell whether an administrator is still alone: what to do first is said then."""
    return who.has("admin") and len(Accounts(server.store.database).all()) == 1


def _by(line: CaseLine) -> str:
    return str(line.by)


def _checks(server: Server, who: Who) -> list[Any]:
    columns = (StoredCheck.id, StoredCheck.title, StoredCheck.state, StoredCheck.decision, StoredCheck.at)
    query = select(*columns).where(StoredCheck.account == who.name).order_by(StoredCheck.at.desc()).limit(_CHECKS)
    with server.store.database.reading() as connection:
        return list(connection.execute(query))
