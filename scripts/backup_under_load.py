"""Back a server up while people work: every backup is whole, and is the register as it stood at one moment.

    python scripts/backup_under_load.py [--backups 10] [--seed 1] [--register postgresql://...]

A real `zoning serve`; clients hand in sites, register cases and write notes all the time. Again and again a backup is
made with `zoning backup make`, verified, and restored elsewhere. What was confirmed before it began must be in it, and
nothing in it may be half; a server must start on the last one and show what it holds.
"""

import argparse
import copy
import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import Connection, select

from office_clients import Clients, end_of, examples, what_is_wrong
from office_process import PEOPLE, Office, prepared
from zoning.registers.database import open_database
from zoning.registers.schema import LoggedEvent

_PAUSE_S = 1.0


@dataclass
class Campaign:
    """A server that is backed up into a folder, and what was seen."""

    office: Office
    seed: int
    folder: Path
    troubles: list[str] = field(default_factory=list)
    chance: random.Random = field(init=False)
    rows: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def run(self, backups: int, sites: dict[str, bytes] | None = None) -> Clients:
        """Work, and make so many backups meanwhile."""
        self.office.start()
        people = tuple(self.office.sign_in(name) for name in PEOPLE)
        clients = Clients(self.office, people, self.chance, sites or examples())
        clients.warm_up()
        clients.begin()
        for number in range(backups):
            time.sleep(self.chance.uniform(0.2, 1.0) * _PAUSE_S)
            self.backed_up(number, clients)
        clients.end()
        clients.look(people[0])
        self.troubles += clients.troubles
        if code := self.office.stop():
            self.troubles.append(f"the server left with {code}")
        self.start_on(self.folder / f"restored-{backups - 1}", clients)
        return clients

    def backed_up(self, number: int, clients: Clients) -> None:
        """Make a backup, verify it, restore it; compare it with what was confirmed before."""
        before = copy.copy(clients)
        before.checks, before.cases, before.notes = list(clients.checks), list(clients.cases), list(clients.notes)
        file, target = self.folder / f"backup-{number}.tar", self.folder / f"restored-{number}"
        where = ["--workspace", str(self.office.root), *self.office.options]
        for command in (
            ["make", *where, "--out", str(file)],
            ["verify", str(file)],
            ["restore", str(file), "--to", str(target)],
        ):
            done = subprocess.run(
                [sys.executable, "-m", "zoning", "backup", *command, "--lang", "en"],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                self.troubles.append(f"backup {command[0]}: {done.returncode} {done.stderr[-500:]}")
                return
        register, files = str(target / "register.sqlite"), target / "register-files"
        self.troubles += [f"backup {number}: {one}" for one in what_is_wrong(register, before, files, running=True)]
        with closing(open_database(register, create=False)) as restored, restored.reading() as there:
            rows = events(there)
        with closing(open_database(self.office.address, create=False)) as database, database.reading() as here:
            if events(here)[: len(rows)] != rows:
                self.troubles.append(f"backup {number}: its log is not the beginning of that of the register")
        self.rows.append(len(rows))

    def start_on(self, root: Path, clients: Clients) -> None:
        """Start a server on what was restored; look at what it must show."""
        if not root.is_dir():
            return
        office = Office(root, before=self.office.before, processes=1)
        try:
            office.start()
            person = office.sign_in(PEOPLE[0])
            place, name = clients.checks[0]
            if clients.expected[name] not in office.get(person, place).text:
                self.troubles.append(f"{place} is not shown by a server on the restored register")
            if office.get(person, "/cases").status != HTTPStatus.OK:
                self.troubles.append("no cases are shown by a server on the restored register")
            if code := office.stop():
                self.troubles.append(f"the server on the restored register left with {code}")
        finally:
            office.end()


def events(connection: Connection) -> list[str]:
    """Return the hashes of the log, the oldest first."""
    return list(connection.execute(select(LoggedEvent.hash).order_by(LoggedEvent.seq)).scalars())


def main() -> int:
    """Run a campaign and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--backups", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--register", default="", help="postgresql:// address of an empty database")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        options = ("--register", told.register) if told.register else ()
        campaign = Campaign(prepared(Path(folder), *options), told.seed, Path(folder))
        try:
            clients = campaign.run(told.backups)
        finally:
            campaign.office.end()
    print(
        f"{told.backups} backups with {campaign.rows} rows of the log while {len(clients.checks)} uploads, "
        f"{len(clients.cases)} cases and {len(clients.notes)} notes were confirmed"
    )
    return end_of(campaign.troubles)


if __name__ == "__main__":
    sys.exit(main())
