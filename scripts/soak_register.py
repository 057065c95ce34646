"""Run 1,000 random histories of a register against a plain dictionary, in a file or on a server.

    python scripts/soak_register.py [--sequences 1000] [--steps 40] [--seed 1]
    scripts/with-postgis python scripts/soak_register.py --server

No history may reach a state that the type does not allow, and at every step the register must be what the dictionary
says; at the end of each the chain of hashes must be whole.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from postgis_cluster import URL_VARIABLE
from register_model import RegisterModel


def main() -> int:
    """Run the histories and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sequences", type=int, default=1_000)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", action="store_true", help=f"on the server of ${URL_VARIABLE}")
    options = parser.parse_args()
    url = os.environ.get(URL_VARIABLE)
    if options.server and not url:
        parser.error(f"${URL_VARIABLE} is not set: scripts/with-postgis python scripts/soak_register.py --server")
    machine = machine_of(url if options.server else None)
    started = time.monotonic()
    found = settings(
        max_examples=options.sequences,
        stateful_step_count=options.steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(seed(options.seed)(machine), settings=found)
    where = "PostgreSQL" if options.server else "SQLite"
    seconds = time.monotonic() - started
    print(f"{where}: {machine.count} histories, {machine.told} events, no illegal state, chains whole; {seconds:.0f} s")
    return 0


class Counted(RegisterModel):
    """Counts the histories, and tells on the way."""

    count = 0
    told = 0

    def teardown(self) -> None:
        """Count."""
        super().teardown()
        type(self).count += 1
        type(self).told += self.events
        if self.count % 100 == 0:
            print(f"  {self.count} histories", file=sys.stderr, flush=True)


def machine_of(url: str | None) -> type[Counted]:
    """Return the machine for files, or for databases of a server, one for each history."""
    if url is None:
        return Counted

    there = url

    class OnServer(Counted):
        def __init__(self) -> None:
            self._made = database_of(there)
            self.server = self._made.__enter__()
            super().__init__()

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                self._made.__exit__(None, None, None)

    return OnServer


@contextmanager
def database_of(url: str) -> Iterator[str]:
    """Make an empty database on the server of a URL; yield its URL, and drop it at the end."""
    import psycopg
    from psycopg import sql

    name = f"register_{random.SystemRandom().randrange(16**12):012x}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    parts = urlsplit(url)
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main())
