"""Kill a writer of a register at 200 random moments: no committed change is lost, nothing half-written is there.

    python scripts/kill_register.py [--kills 200] [--seed 1]
    scripts/with-postgis python scripts/kill_register.py --server

The writer makes the register, then again and again changes five records in one transaction and attaches a photo, and
says so after each commit. After every kill (SIGKILL) the register must open, hold all that was said, the five records
at the same count, and a whole chain of hashes; no attachment may lack its file. Every tenth round begins anew, so that
kills meet the making of the tables as well.
"""

import argparse
import multiprocessing
import os
import random
import signal
import struct
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from postgis_cluster import URL_VARIABLE
from register_world import by, new, opened
from zoning.registers.store import Change

TOGETHER = 5
ANEW = 10
LONGEST_S = 0.5
_COUNT = struct.Struct("<q")


def write_for_ever(address: str, files: Path, said: int) -> None:
    """Change five records together and attach a photo, again and again; say each count after its commit."""
    with opened(address, files) as (_, register):
        numbers = [f"P{number}" for number in range(TOGETHER)]
        if not list(register.records()):
            register.apply([new(number, values={"YEAR": 0}) for number in numbers], by())
        while True:
            records = list(register.records())
            count = int(str(records[0].values["YEAR"])) + 1
            values = {"YEAR": count, "AREA": float(count % 1000)}
            changes = [Change(record.id, values=values, version=record.version) for record in records]
            register.apply(changes, by(note=f"round {count}"))
            os.write(said, _COUNT.pack(count))
            photo = files.with_name(f"{files.name}.photo")
            photo.write_text(f"photo {count % 50}", encoding="utf-8")
            register.attach(records[count % TOGETHER].id, photo, "photo", None, by())


@dataclass
class Campaign:
    """The kills of one campaign, and what was seen."""

    folder: Path
    chance: random.Random
    server: str | None = None
    kills: int = 0
    rounds: int = 0
    said: int = 0
    early: int = 0
    troubles: list[str] = field(default_factory=list)

    def run(self, kills: int) -> None:
        """Kill a writer so many times."""
        last = 0
        for number in range(kills):
            if number % ANEW == 0 and self.server is None:
                self.rounds += 1
                last = 0
            last = self.kill(last)

    @property
    def address(self) -> str:
        """The file of this round, or the server."""
        return self.server or str(self.folder / f"register-{self.rounds}.sqlite")

    @property
    def files(self) -> Path:
        """The folder of its attachments."""
        return self.folder / f"files-{self.rounds}"

    def kill(self, last: int) -> int:
        """Start a writer, kill it, look at what is there; return the count that is there now."""
        out, into = os.pipe()
        process = multiprocessing.get_context("fork").Process(
            target=write_for_ever, args=(self.address, self.files, into), daemon=True
        )
        process.start()
        os.close(into)
        time.sleep(self.chance.uniform(0, LONGEST_S))
        process.kill()
        process.join()
        with os.fdopen(out, "rb") as pipe:
            told = pipe.read()
        self.kills += 1
        if process.exitcode != -signal.SIGKILL:
            self.troubles.append(f"kill {self.kills}: the writer had left with {process.exitcode}")
        committed = _COUNT.unpack(told[-_COUNT.size :])[0] if told else last
        self.said += len(told) // _COUNT.size
        self.early += not told
        return self.look(committed)

    def look(self, committed: int) -> int:
        """Compare what is there with what was said."""
        with opened(self.address, self.files) as (store, register):
            counts = {record.values.get("YEAR") for record in register.records()}
            report = store.verify()
        found = max((int(str(count)) for count in counts), default=0)
        if len(counts) > 1:
            self.troubles.append(f"kill {self.kills}: half of a change is there: {counts}")
        if not committed <= found <= committed + 1:
            self.troubles.append(f"kill {self.kills}: {committed} was committed, {found} is there")
        self.troubles += [f"kill {self.kills}: {fault.text.en}" for fault in report.faults]
        return found


def main() -> int:
    """Run the campaign and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", action="store_true", help=f"on the server of ${URL_VARIABLE}")
    options = parser.parse_args()
    url = os.environ.get(URL_VARIABLE)
    if options.server and not url:
        parser.error(f"${URL_VARIABLE} is not set: scripts/with-postgis python scripts/kill_register.py --server")
    with tempfile.TemporaryDirectory(prefix="zoning-kill-") as name:
        campaign = Campaign(Path(name), random.Random(options.seed), url if options.server else None)
        campaign.run(options.kills)
    where = "PostgreSQL" if options.server else "SQLite"
    print(
        f"{where}: {campaign.kills} kills, {campaign.said} commits said, {campaign.early} kills before the first one; "
        f"{len(campaign.troubles)} troubles"
    )
    for trouble in campaign.troubles:
        print(f"  {trouble}")
    return 1 if campaign.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
