import pytest

from zoning.web.access import (
    EVERY_ROLE,
    NOBODY,
    PUBLIC,
    ROLES,
    SCOPE_WORDS,
    SCOPES,
    Access,
    Role,
    Who,
    only,
    signed_in,
)


def browser(*roles: Role) -> Who:
    return Who("zhang", "张三", frozenset(roles))


def program(*scopes: str, roles: frozenset[Role] = EVERY_ROLE) -> Who:
    return Who("zhang", "张三", roles, scopes=frozenset(scopes))


def test_nobody_is_not_signed_in_and_has_no_role() -> None:
    assert not NOBODY.is_signed_in
    assert not NOBODY.has(*ROLES)


def test_whoever_has_a_name_is_signed_in() -> None:
    assert browser().is_signed_in


@pytest.mark.parametrize(
    ("held", "asked", "answer"),
    [
        (("viewer",), ("viewer",), True),
        (("viewer",), ("admin",), False),
        (("viewer", "planner"), ("admin", "planner"), True),
        (("admin",), (), False),
        ((), ("viewer",), False),
    ],
)
def test_one_of_the_roles_is_enough(held: tuple[Role, ...], asked: tuple[Role, ...], answer: bool) -> None:
    assert browser(*held).has(*asked) is answer


@pytest.mark.parametrize("who", [NOBODY, browser(), browser("viewer"), program(), program("check")])
def test_what_is_public_admits_everybody(who: Who) -> None:
    assert PUBLIC.is_public
    assert PUBLIC.admits(who)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_admitted_where_one_only_has_to_be_signed_in(role: Role) -> None:
    assert signed_in().admits(browser(role))


@pytest.mark.parametrize("access", [signed_in(), signed_in("check"), only("viewer"), only("admin", scope="metrics")])
def test_nobody_and_whoever_has_no_role_are_admitted_nowhere_else(access: Access) -> None:
    assert not access.is_public
    assert not access.admits(NOBODY)
    assert not access.admits(browser())


@pytest.mark.parametrize("role", sorted(EVERY_ROLE - {"reviewer", "admin"}))
def test_a_role_that_is_not_named_is_not_admitted(role: Role) -> None:
    assert not only("reviewer", "admin").admits(browser(role))


@pytest.mark.parametrize("role", ["reviewer", "admin"])
def test_each_role_that_is_named_is_admitted(role: Role) -> None:
    assert only("reviewer", "admin").admits(browser(role))


def test_a_browser_needs_no_scope() -> None:
    assert only("viewer", scope="cases:read").admits(browser("viewer"))


@pytest.mark.parametrize(
    ("access", "who", "answer"),
    [
        (only("viewer", scope="check"), program("check"), True),
        (only("viewer", scope="check"), program("check", "metrics"), True),
        (only("viewer", scope="check"), program("cases:read", "metrics"), False),
        (only("viewer", scope="check"), program(), False),
        # Pages take no tokens, whatever these may do elsewhere.
        (only("viewer"), program(*SCOPES), False),
        (signed_in(), program(*SCOPES), False),
        (signed_in("layers:read"), program("layers:read"), True),
        # A token never does more than the roles of its account.
        (only("admin", scope="metrics"), program("metrics", roles=frozenset({"viewer"})), False),
        (only("admin", scope="metrics"), program("metrics", roles=frozenset()), False),
    ],
)
def test_a_token_needs_its_scope_and_the_role_of_its_account(access: Access, who: Who, answer: bool) -> None:
    assert access.admits(who) is answer


def test_writing_is_not_allowed_by_the_scope_of_reading() -> None:
    assert not only("reviewer", scope="cases:write").admits(program("cases:read"))
    assert not only("reviewer", scope="cases:read").admits(program("cases:write"))


def test_every_scope_and_role_is_said_in_both_languages() -> None:
    assert set(SCOPE_WORDS) == set(SCOPES)
    told = [*SCOPE_WORDS.values(), *ROLES.values()]
    assert all(text.zh and text.en and text.zh != text.en for text in told)
    assert len({text.zh for text in told}) == len({text.en for text in told}) == len(told)
