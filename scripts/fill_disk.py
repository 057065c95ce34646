"""Fill the disk under a server: reading goes on, writing is refused in a sentence, nothing is half, nothing is lost.

    python scripts/fill_disk.py [--rounds 20] [--seed 1]

A real `zoning serve` whose workspace, register, files, running tasks and temporary files lie on a small disk of their
own (a tmpfs in a name space; nobody has to be root). First everything that people do is tried while it is full, and
once more when there is room again. Then it is filled and emptied at random moments while people work. What a disk does
that fails in other ways (a quota, a drive of a network) is not covered.
"""

import argparse
import io
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from PIL import Image

from office_clients import Clients, end_of, examples
from office_process import PASSWORD, PEOPLE, Answer, Office, Person, prepared

DISK_MB = 256
LARGE = 3_000_000
"""Bytes of an upload that does not fit into memory while it comes in."""
READ = ("/", "/check", "/checks", "/cases", "/cases/new", "/layers", "/rules", "/jobs", "/account")
_MINES = "/parcels/mine-parcels"
_PIECES = (1 << 20, 4096)


@dataclass
class Campaign:
    """A server on a small disk, and what was seen."""

    office: Office
    seed: int
    troubles: list[str] = field(default_factory=list)
    chance: random.Random = field(init=False)
    seen: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def run(self, rounds: int, sites: dict[str, bytes] | None = None) -> Clients:
        """Try everything on a full disk, then fill and empty it so many times while people work."""
        self.office.start()
        person, other = (self.office.sign_in(name) for name in PEOPLE)
        clients = Clients(self.office, (person, other, person), self.chance, sites or examples())
        clients.warm_up()
        clients.may_fail = True
        self.everything(person, clients)
        if rounds:
            clients.begin()
        for _ in range(rounds):
            time.sleep(self.chance.uniform(0.5, 4.0))
            self.fill()
            time.sleep(self.chance.uniform(0.5, 4.0))
            self.make_room()
        if rounds:
            clients.end()
        clients.look(person)
        self.troubles += clients.troubles
        if code := self.office.stop():
            self.troubles.append(f"the server left with {code}")
        return clients

    def everything(self, person: Person, clients: Clients) -> None:
        """Do everything with room, without, and with room again."""
        case = self.case_of(person, clients)
        pages = [*READ, f"/cases/{case}", clients.checks[0][0]]
        if has_mines(self.office):
            self.parcel_of(person)
            pages += [_MINES, f"{_MINES}/card?id=P1"]
        self.fill()
        for page in pages:
            self.expect(f"GET {page}", self.office.get(person, page), HTTPStatus.OK)
        self.expect("GET /health", self.office.ask("GET", "/health"), HTTPStatus.OK)
        self.expect("GET /ready", self.office.ask("GET", "/ready"), HTTPStatus.SERVICE_UNAVAILABLE)
        ways = ways_to_write(self.office, person, clients, case)
        for name, write in ways.items():
            self.refused(name, write())
        self.make_room()
        for name, write in ways.items():
            self.expect(f"{name}, with room again", write(), HTTPStatus.SEE_OTHER, HTTPStatus.OK)
        clients.cases.append(case)

    def case_of(self, person: Person, clients: Clients) -> str:
        """Register a case from a check; return its number."""
        check = clients.checks[0][0].rsplit("/", 1)[1]
        return self.office.send(person, "/cases/new", check=check, site="0", **_CASE).place.rsplit("/", 1)[1]

    def parcel_of(self, person: Person) -> None:
        """Enter a mine parcel."""
        made = self.office.send(person, f"{_MINES}/new", number="P1", **_PARCEL)
        self.expect("a parcel", made, HTTPStatus.SEE_OTHER)

    def expect(self, name: str, answer: Answer, *good: int) -> None:
        """Note an answer that is another one."""
        if answer.status not in good:
            self.troubles.append(f"{name}: {answer.status} {answer.said or answer.text[:300]}")

    def refused(self, name: str, answer: Answer) -> None:
        """Note what was not refused as a full disk has to be: 5xx in a sentence of ours that names no folder."""
        self.seen[name] = f"{answer.status} {answer.said}"
        is_ours = answer.said and str(self.office.inside) not in answer.text
        if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR or answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self.troubles.append(f"{name}, without room: {answer.status} {answer.said or answer.text[:300]}")
        elif not is_ours:
            self.troubles.append(f"{name}, without room, in which words: {answer.text[:500]}")

    def fill(self) -> None:
        """Leave no byte."""
        with suppress(OSError), self.filler.open("ab", buffering=0) as file:
            for size in _PIECES:
                with suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def make_room(self) -> None:
        """Give back what was filled."""
        self.filler.unlink()

    @property
    def filler(self) -> Path:
        """What takes the room."""
        return self.office.outside / "filler"


_BOX = '{"type":"Polygon","coordinates":[[[112.41,35.48],[112.413,35.48],[112.413,35.483],[112.41,35.48]]]}'
_PARCEL = {"f-TBMC": "坑", "f-XZQDM": "140522", "f-TBDL": "10", "f-TBXL": "11", "drawn": _BOX}


_THIRD = {"name": "third", "title": "丙", "role": "viewer", "password": PASSWORD}
_CASE = {"f-XMMC": "厂房", "f-XZQDM": "140522"}


def ways_to_write(office: Office, person: Person, clients: Clients, case: str) -> dict[str, Callable[[], Answer]]:
    """Return what people do that needs room on the disk, by a name."""
    name, site = next(iter(clients.sites.items()))
    check = clients.checks[0][0].rsplit("/", 1)[1]
    layer, data = a_layer(office.root)
    upload, send = office.upload, office.send

    def verdict() -> str:
        found = re.search(r'name="verdict" value="(\d+)"', office.get(person, f"/cases/{case}").text)
        return found[1] if found else "1"

    mines = ways_to_write_mines(office, person) if has_mines(office) else {}
    edition = {"edition": "2027", "valid_from": "2027-01-01"}
    return {
        "sign in": lambda: office.try_sign_in(PEOPLE[0]),
        "upload": lambda: upload(person, "/check", "file", name, site),
        "large upload": lambda: upload(person, "/check", "file", name, site + b" " * LARGE),
        "drawn site": lambda: send(person, "/check", drawn=_BOX),
        "case": lambda: send(person, "/cases/new", check=check, site="0", **_CASE),
        "note": lambda: send(person, f"/cases/{case}/notes", text="批注"),
        "facts": lambda: send(person, f"/cases/{case}/facts", verdict=verdict(), asked="construction"),
        "boundary": lambda: upload(
            person, f"/cases/{case}/boundary", "file", name, site, more={"verdict": verdict(), "site": "S1"}
        ),
        "file of a case": lambda: upload(person, f"/cases/{case}/files", "files", "a.pdf", b"%PDF-1.7"),
        "override": lambda: send(
            person, f"/cases/{case}/overrides", decision="prohibited", reason="因为", verdict=verdict()
        ),
        "edition": lambda: upload(
            person, f"/layers/{layer}/upload", "file", data.name, data.read_bytes(), more=edition
        ),
        "token": lambda: send(person, "/account/tokens", title="a", scope="check", days="30"),
        "account": lambda: send(person, "/accounts", **_THIRD),
        "hook": lambda: send(person, "/hooks", url="https://example.org/in", title="a", event="check.done"),
        **mines,
    }


def ways_to_write_mines(office: Office, person: Person) -> dict[str, Callable[[], Answer]]:
    """Return the same for the register of mine parcels and its desk."""
    upload, send = office.upload, office.send
    photos, before = f"{_MINES}/photos?id=P1", {"what": "before"}
    return {
        "parcel": lambda: send(person, f"{_MINES}/new", number="P2", **_PARCEL),
        "photo": lambda: upload(person, photos, "photos", "a.jpg", a_photo(), more=before),
        "problem": lambda: send(person, f"{_MINES}/problems?id=P1", what="落石"),
        "job": lambda: send(person, "/mines/desk/mines-works"),
    }


def has_mines(office: Office) -> bool:
    """Tell whether the workspace has the register of mine parcels."""
    return (office.root / "layers" / "registers" / "mine-parcels.yaml").exists()


def a_layer(root: Path) -> tuple[str, Path]:
    """Return a layer of a workspace and the file of its data."""
    folder = root / "layers"
    return next(
        (path.stem, data)
        for path in sorted(folder.glob("*.yaml"))
        for data in sorted((folder / "data").glob(f"{path.stem}*.g*"))
    )


def a_photo() -> bytes:
    """Return a photo."""
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(made, "JPEG")
    return made.getvalue()


def main() -> int:
    """Run a campaign and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(prepared(Path(folder), disk_mb=DISK_MB), told.seed)
        try:
            clients = campaign.run(told.rounds)
        finally:
            campaign.office.end()
    for name, said in campaign.seen.items():
        print(f"{name}: {said}")
    print(
        f"{len(clients.checks)} uploads, {len(clients.cases)} cases and {len(clients.notes)} notes confirmed while the "
        f"disk was filled {told.rounds} times; refused: {sum(clients.refused.values())}"
    )
    for said, count in clients.refused.most_common():
        print(f"{count:6} {said}")
    return end_of(campaign.troubles)


if __name__ == "__main__":
    sys.exit(main())
