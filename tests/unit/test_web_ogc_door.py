"""Who may come in at the door of the OGC services, and how its landing page is reached."""

import asyncio
from typing import Any

import pytest

from web_requests import request_of, scope_of
from zoning.web.access import EVERY_ROLE, NOBODY, Role, Who
from zoning.web.ogc.door import _DOORS, ACCESS, MOUNTS, AnyScope, landing, make


@pytest.mark.parametrize("role", sorted(EVERY_ROLE))
def test_whoever_is_signed_in_may_come_in(role: Role) -> None:
    assert ACCESS.admits(Who("anna", roles=frozenset({role})))


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        ({"layers:read"}, True),
        ({"cases:read"}, True),
        ({"parcels:read"}, True),
        ({"check"}, True),
        ({"metrics", "check"}, True),
        ({"metrics"}, False),
        ({"cases:write", "parcels:write"}, False),
        (set(), False),
    ],
)
def test_a_token_needs_one_scope_of_what_is_served(scopes: set[str], may: bool) -> None:
    assert ACCESS.admits(Who("program", roles=frozenset({"viewer"}), scopes=frozenset(scopes))) is may


def test_nobody_and_those_without_a_role_stay_outside() -> None:
    assert not ACCESS.admits(NOBODY)
    assert not ACCESS.admits(Who("anna"))
    assert not ACCESS.admits(Who("program", scopes=frozenset({"check"})))
    assert not AnyScope(frozenset({"admin"})).admits(Who("anna", roles=frozenset({"viewer"})))


def test_the_services_are_mounted_behind_the_same_access() -> None:
    assert {"/ogc": (make, ACCESS)} == MOUNTS
    assert not ACCESS.is_public


class Made:
    """Stands for a server, which a door is kept for."""


@pytest.mark.parametrize(("root", "inside"), [("", "/ogc"), ("/office", "/office/ogc")])
def test_the_landing_page_is_that_of_the_services(root: str, inside: str) -> None:
    seen: list[dict[str, Any]] = []
    server: Any = Made()

    async def door(scope: Any, *_: Any) -> None:
        seen.append(scope)

    _DOORS[server] = door
    response = landing(request_of("GET", "/ogc", server=server))
    scope = {**scope_of("GET", "/ogc", query="f=json"), "root_path": root}
    asyncio.run(response(scope, None, None))  # type: ignore[arg-type]  # the door asks for neither
    ((got,), kept) = (seen, scope)
    assert (got["path"], got["root_path"], got["query_string"]) == ("/ogc/", inside, b"f=json")
    assert (kept["path"], kept["root_path"]) == ("/ogc", root)
