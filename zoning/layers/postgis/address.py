"""Where a database is: the URL of `layers/*.yaml`, whose password is never shown."""

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import BeforeValidator, PlainSerializer

from zoning.mistakes import Mistake
from zoning.texts import Text

_SCHEMES = ("postgresql", "postgres")
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]/?#]*)(?P<port>:\d+)?")
_FORM = Text("应写成 postgresql://主机/数据库 的形式", "write it like postgresql://host/database")


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A PostgreSQL database; user and password may be left to the ways of libpq (PGPASSWORD, ~/.pgpass, services).

    >>> address = parse_address("postgresql://reader:secret@gis.county/land")
    >>> address, address.name
    (postgresql://gis.county/land, 'gis.county/land')
    """

    url: str

    def __str__(self) -> str:
        return f"postgresql://{self.name}"

    __repr__ = __str__

    @property
    def name(self) -> str:
        """What sentences call it: host and database."""
        hosts, database, _ = self._parts()
        return f"{hosts}/{database}" if hosts else database

    @property
    def hidden(self) -> tuple[str, ...]:
        """The password in every spelling that a message could hold."""
        parts = urlsplit(self.url)
        user = parts.netloc.rpartition("@")[0]
        found = [user.partition(":")[2], *(value for key, value in parse_qsl(parts.query) if "password" in key)]
        # In the query a password may stand as it was written, or with %40 and the like.
        written = re.findall(r"password=([^&]*)", parts.query)
        spelled = {word for one in (*found, *written) for word in (one, unquote(one))}
        return tuple(sorted(spelled - {""}, key=len, reverse=True))

    @property
    def options(self) -> dict[str, str]:
        """What the URL says behind its question mark."""
        return self._parts()[2]

    def _parts(self) -> tuple[str, str, dict[str, str]]:
        parts = urlsplit(self.url)
        options = dict(parse_qsl(parts.query))
        hosts = unquote(parts.netloc.rpartition("@")[2]) or options.get("host", "")
        if hosts.startswith("/"):
            hosts = ""  # the folder of a socket on this computer
        database = unquote(parts.path.lstrip("/")) or options.get("dbname") or f"service {options.get('service', '')}"
        return hosts, database, options


def parse_address(url: str) -> Address:
    """Return the database that a URL names.

    Raises
    ------
    Mistake
        When it is no such URL. The sentence does not repeat it: what is wrong may be part of the password.
    """
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError as error:
        raise _malformed() from error
    if parts.scheme not in _SCHEMES:
        raise Mistake(_FORM)
    if not _is_plain(parts):
        raise _malformed()
    address = Address(url)
    if not (parts.path.strip("/") or options.get("dbname") or options.get("service")):
        raise Mistake(
            Text(
                f"{address} 没有写数据库名；请写成 postgresql://主机/数据库 的形式",
                f"{address} names no database; write it like postgresql://host/database",
            )
        )
    return address


def _is_plain(parts: SplitResult) -> bool:
    user, _, hosts = parts.netloc.rpartition("@")
    return (
        "@" not in user
        and not parts.fragment
        and "/" not in parts.path.lstrip("/")
        and "@" not in parts.path
        and all(_HOST.fullmatch(host) for host in hosts.split(","))
    )


def _malformed() -> Mistake:
    return Mistake(
        Text(
            "不是正确的 postgresql:// 地址；用户名、密码中的特殊字符须写成 "
            "%40（@）、%3A（:）、%2F（/）、%23（#）、%3F（?）、%25（%）",
            "this is no correct postgresql:// address; special characters in user and password are written as %40 (@), "
            "%3A (:), %2F (/), %23 (#), %3F (?), %25 (%)",
        )
    )


def _typed(value: object) -> object:
    if value is None or isinstance(value, Address):
        return value
    if isinstance(value, str):
        return parse_address(value)
    raise Mistake(_FORM)


DatabaseUrl = Annotated[Address, BeforeValidator(_typed), PlainSerializer(str, return_type=str)]
"""A field of a content file; written out again it has neither user nor password."""
