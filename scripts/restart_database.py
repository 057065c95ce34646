"""Restart the database of a server while people work: refusals in a sentence, nothing confirmed is lost, nothing half.

    python scripts/restart_database.py [--restarts 20] [--seed 1]

A real `zoning serve` whose register is in a throw-away PostgreSQL; clients hand in sites, register cases and write
notes. Again and again, once they have got something done, the database is stopped as by a power cut (`immediate`) or in
order, is away for up to some seconds, and comes back; the server is never started again.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from office_clients import Clients, end_of, examples
from office_process import PEOPLE, Office, prepared
from postgis_cluster import Cluster

_LONGEST_WORK_S = 5.0
_LONGEST_AWAY_S = 4.0
_LONGEST_IDLE_S = 60.0


@dataclass
class Campaign:
    """A server and its database, and what was seen."""

    office: Office
    cluster: Cluster
    seed: int
    troubles: list[str] = field(default_factory=list)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def run(self, restarts: int, sites: dict[str, bytes] | None = None) -> Clients:
        """Work, and restart the database so many times meanwhile."""
        self.office.start()
        people = [self.office.sign_in(name) for name in PEOPLE]
        clients = Clients(self.office, (*people, people[0]), self.chance, sites or examples())
        clients.warm_up()
        clients.begin()
        for _ in range(restarts):
            before, until = clients.confirmed, time.monotonic() + _LONGEST_IDLE_S
            time.sleep(self.chance.uniform(0.5, _LONGEST_WORK_S))
            # On a busy computer nothing may have come to its end yet: such a restart would try little.
            while clients.confirmed == before and time.monotonic() < until:
                time.sleep(0.1)
            self.cluster.stop(self.chance.choice(("immediate", "fast")))
            time.sleep(self.chance.choice((0.0, self.chance.uniform(0.5, _LONGEST_AWAY_S))))
            self.cluster.start()
        clients.end()
        clients.look(people[0])
        self.troubles += clients.troubles
        if code := self.office.stop():
            self.troubles.append(f"the server left with {code}")
        return clients


def main() -> int:
    """Run a campaign and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    cluster = Cluster.create()
    try:
        with tempfile.TemporaryDirectory() as folder:
            campaign = Campaign(prepared(Path(folder), "--register", cluster.url), cluster, told.seed)
            try:
                clients = campaign.run(told.restarts)
            finally:
                campaign.office.end()
    finally:
        cluster.remove()
    print(
        f"{len(clients.checks)} uploads, {len(clients.cases)} cases and {len(clients.notes)} notes confirmed over "
        f"{told.restarts} restarts of the database; refused: {sum(clients.refused.values())}, cut: {clients.cut}"
    )
    for said, count in clients.refused.most_common():
        print(f"{count:6} {said}")
    return end_of(campaign.troubles)


if __name__ == "__main__":
    sys.exit(main())
