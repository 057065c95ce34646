"""The account of somebody whom the provider of identities has named: found or made, with the roles of the claim."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zoning.registers.canonical import sha256
from zoning.registers.entries import Stamp
from zoning.texts import Text
from zoning.web.access import Role
from zoning.web.accounts.accounts import Accounts, is_account_name
from zoning.web.refusals import Refused
from zoning.web.settings import Oidc

_ACTOR = "oidc"
_LONGEST_TITLE = 80


def account_for(accounts: Accounts, oidc: Oidc, claims: Mapping[str, Any], now: datetime) -> str:
    """Return the name of the account of an identity; a first sign-in makes it.

    An account that was made here is never taken over because an identity has the same name: an administrator gives it
    to the identity (`zoning account link`).

    Raises
    ------
    Refused
        403 when the identity has no role here, its account is switched off, or its name is taken.
    """
    subject = f"{oidc.issuer}|{claims['sub']}"
    roles = roles_of(oidc, claims)
    stamp = Stamp(_ACTOR, now)
    account = accounts.of_subject(subject)
    if not roles and (oidc.roles or account is None):
        raise _refused("您的身份在本系统没有角色", "your identity has no role here", subject)
    if account is None:
        name = _name(oidc, claims, subject)
        if accounts.get(name) is not None:
            raise _refused(f"账号“{name}”已有他人使用", f"account '{name}' belongs to somebody else", subject)
        accounts.create(name, title=_title(oidc, claims, name), roles=roles, password="", subject=subject, stamp=stamp)
        return name
    if not account.is_active:
        raise _refused("您的账号已停用", "your account is switched off", subject)
    if roles and frozenset(roles) != account.roles:
        accounts.change(account.name, roles=roles, stamp=stamp)
    return account.name


def roles_of(oidc: Oidc, claims: Mapping[str, Any]) -> list[Role]:
    """Return the roles that a claim gives; dots in its name go down (`realm_access.roles`)."""
    told: Any = claims.get(oidc.roles_claim)
    if told is None:
        told = claims
        for part in oidc.roles_claim.split("."):
            told = told.get(part) if isinstance(told, Mapping) else None
    names = [told] if isinstance(told, str) else told if isinstance(told, list) else []
    return sorted({role for name in names if isinstance(name, str) for role in oidc.roles.get(name, ())})


def _name(oidc: Oidc, claims: Mapping[str, Any], subject: str) -> str:
    told = claims.get(oidc.name_claim)
    if isinstance(told, str) and is_account_name(told):
        return told
    return f"oidc-{sha256(subject.encode())[:12]}"


def _title(oidc: Oidc, claims: Mapping[str, Any], name: str) -> str:
    told = claims.get(oidc.title_claim)
    text = "".join(sign for sign in told if sign.isprintable()).strip() if isinstance(told, str) else ""
    return text[:_LONGEST_TITLE] or name


def _refused(zh: str, en: str, subject: str) -> Refused:
    return Refused(
        403,
        Text(f"{zh}；请把身份编号告知管理员：{subject}", f"{en}; tell the administrator your identity: {subject}"),
    )
