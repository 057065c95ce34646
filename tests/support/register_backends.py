"""Where the tests of the register keep their stores: a file, or a database of its own on a server."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import text

from postgis_cluster import URL_VARIABLE
from postgis_world import run_cluster
from register_world import TYPES
from soak_register import database_of
from zoning.registers.database import open_database
from zoning.registers.store import Store, open_store

BACKENDS = ("sqlite", "postgresql")
Address = Callable[[], str]


def server_url(unavailable: Callable[[str, str], NoReturn]) -> Iterator[str]:
    """Yield the URL of a server: that of $ZONING_TEST_POSTGIS, or one that is started for these tests."""
    told = os.environ.get(URL_VARIABLE)
    if told:
        yield told
        return
    for cluster in run_cluster(unavailable):
        yield cluster.url


@contextmanager
def address_of(backend: str, folder: Path, url: Callable[[], str]) -> Iterator[str]:
    """Yield the address of a store that is not there yet."""
    if backend == "sqlite":
        yield str(folder / "register.sqlite")
        return
    with database_of(url()) as made:
        yield made


def store_of(address: str, folder: Path, *, create: bool = True) -> Store:
    """Open a store."""
    return open_store(address, TYPES, create=create, files=folder / "files")


def tamper(address: str, *commands: str) -> None:
    """Change tables past the program, as somebody with the right to do so could; the guards are taken away first."""
    with closing(open_database(address, create=False)) as database, database.changing_tables() as connection:
        for table in ("register_event", "register_shape"):
            if database.path is None:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"))
            else:
                for action in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{action}"))
        for command in commands:
            connection.exec_driver_sql(command)


def with_other_name(url: str, **changes: Any) -> str:
    """Return a URL with another user, password or database."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(**changes))
