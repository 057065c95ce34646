"""Kill the server at random moments while people work: nothing accepted is lost, nothing half is shown.

    python scripts/kill_server.py [--uploads 200] [--seed 1]

A real `zoning serve` on a workspace of its own; some clients hand in example sites, register cases and write notes. The
server is killed (SIGKILL) at random moments and started again. A check that a client was told of (the redirect came)
must show its verdict afterwards, with the decision that the same file has without any kill; one that was cut must be
shown as failed and never as a verdict. No check may stay without an end, no case without its verdict, no worker may
stay alive, and the log must be whole.
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

CLIENTS = 3
_LONGEST_S = 6.0


@dataclass
class Campaign:
    """A server that is killed until so many uploads were confirmed or cut."""

    office: Office
    seed: int
    wanted: int
    longest_s: float = _LONGEST_S
    kills: int = 0
    troubles: list[str] = field(default_factory=list)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def run(self, sites: dict[str, bytes] | None = None) -> Clients:
        """Work and kill; return what clients were told."""
        self.office.start()
        people = [self.office.sign_in(PEOPLE[number % len(PEOPLE)]) for number in range(CLIENTS)]
        clients = Clients(self.office, tuple(people), self.chance, sites or examples())
        began = time.monotonic()
        clients.warm_up()
        longest = max(self.longest_s, 2 * (time.monotonic() - began))  # workers have to get warm now and then
        clients.begin()
        while len(clients.checks) + clients.cut < self.wanted:
            time.sleep(self.chance.uniform(0.3, longest))
            self.office.kill()
            self.kills += 1
            self.office.start()
        clients.end()
        clients.look(people[0])
        self.troubles += clients.troubles
        if code := self.office.stop():
            self.troubles.append(f"the server left with {code}")
        self.troubles += [f"{child} of a killed server is alive" for child in self.office.left()]
        return clients


def main() -> int:
    """Run a campaign and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(prepared(Path(folder)), told.seed, told.uploads)
        try:
            clients = campaign.run()
        finally:
            campaign.office.end()
    print(
        f"{len(clients.checks)} uploads, {len(clients.cases)} cases and {len(clients.notes)} notes confirmed, "
        f"{clients.cut} requests cut, {campaign.kills} kills of the server"
    )
    return end_of(campaign.troubles)


if __name__ == "__main__":
    sys.exit(main())
