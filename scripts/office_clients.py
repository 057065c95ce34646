"""People who hand in sites, register cases and write notes while something happens to their server; what came of it.

What the server has confirmed (the redirect came) must be there afterwards, whole; what it has refused must have been
refused in a sentence of ours. Anything else is a trouble.
"""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from sqlalchemy import select

from office_process import Answer, Office, Person
from zoning.registers.database import open_database
from zoning.registers.schema import StoredRecord
from zoning.registers.schema_cases import StoredNote, StoredVerdict
from zoning.registers.schema_server import StoredCheck
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types
from zoning.workspace import builtin_root

_PAGES = ("/", "/checks", "/cases", "/jobs", "/layers", "/rules")
_UP_S = 120.0
_SERVER_ERROR = 500


def examples() -> dict[str, bytes]:
    """Return some of the example sites: name and content."""
    names = ("school.geojson", "processing-plant.txt", "viewing-platform.txt")
    return {name: (builtin_root() / "examples" / name).read_bytes() for name in names}


@dataclass
class Clients:
    """Some people at once; see the module.

    Attributes
    ----------
    sites
        What they hand in, by name.
    checks, cases, notes
        What was confirmed: place of a check and name of its file; number of a case; case and text.
    refused
        Sentences of refusals, and how often each was said.
    may_fail
        Whether a check may come to no end for want of room: its file is kept, and it says so.
    cut
        Requests whose connection broke.
    """

    office: Office
    people: tuple[Person, ...]
    chance: random.Random
    sites: dict[str, bytes] = field(default_factory=examples)
    checks: list[tuple[str, str]] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    troubles: list[str] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)
    may_fail: bool = False
    _own: dict[str, list[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _done: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def warm_up(self) -> None:
        """Hand in every site once, while nothing happens, to know what has to come out."""
        for name in self.sites:
            self._upload(self.people[0], name)
        found = checks_of(self.office)
        self.expected = {name: found[place.rsplit("/", 1)[1]][1] for place, name in self.checks}

    def begin(self) -> None:
        """Let everybody work until `end`."""
        for number, person in enumerate(self.people):
            chance = random.Random(self.chance.random())
            thread = threading.Thread(target=self._work, args=(person, chance, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """Let everybody finish what was begun."""
        self._done.set()
        for thread in self._threads:
            thread.join()

    @property
    def confirmed(self) -> int:
        """How much was confirmed."""
        return len(self.checks) + len(self.cases) + len(self.notes)

    def _work(self, person: Person, chance: random.Random, number: int) -> None:
        count = 0
        while not self._done.is_set():
            count += 1
            try:
                self._act(person, chance, f"note {number}-{count}")
            except ConnectionRefusedError:
                time.sleep(0.1)  # there is no server now
            except (OSError, http.client.HTTPException):
                with self._lock:
                    self.cut += 1

    def _act(self, person: Person, chance: random.Random, word: str) -> None:
        """Do one thing: half of all are uploads."""
        (what,) = chance.choices(("upload", "case", "note", "page"), (10, 3, 4, 3))
        own = self._own.get(person.cookie, [])  # nobody makes a case of somebody else's check
        if what == "upload" or not own:
            self._upload(person, chance.choice(list(self.sites)))
        elif what == "case" or not self.cases:
            told = {"check": chance.choice(own), "site": "0", "f-XMMC": word, "f-XZQDM": "140522"}
            answer = self.office.send(person, "/cases/new", **told)
            if self._is_confirmed(answer):
                self._keep(self.cases, answer.place.rsplit("/", 1)[1])
        elif what == "note":
            case = chance.choice(self.cases)
            if self._is_confirmed(self.office.send(person, f"/cases/{case}/notes", text=word)):
                self._keep(self.notes, (case, word))
        else:
            page = chance.choice((*_PAGES, f"/cases/{chance.choice(self.cases)}"))
            self._is_confirmed(self.office.get(person, page), HTTPStatus.OK)

    def _upload(self, person: Person, name: str) -> None:
        answer = self.office.upload(person, "/check", "file", name, self.sites[name])
        if self._is_confirmed(answer):
            self._keep(self.checks, (answer.place, name))
            self._keep(self._own.setdefault(person.cookie, []), answer.place.rsplit("/", 1)[1])

    def _is_shown(self, page: str, name: str) -> bool:
        return self.expected[name] in page or (self.may_fail and "检查没有完成" in page)

    def _keep(self, found: list[Any], one: Any) -> None:
        with self._lock:
            found.append(one)

    def _is_confirmed(self, answer: Answer, good: int = HTTPStatus.SEE_OTHER) -> bool:
        if answer.status == good:
            return True
        with self._lock:
            if (answer.status > _SERVER_ERROR or self._is_of_open(answer)) and answer.said:
                self.refused[answer.said] += 1
            else:
                self.troubles.append(f"answered with {answer.status}: {answer.said or answer.text[:300]}")
        return False

    def _is_of_open(self, answer: Answer) -> bool:
        """Tell whether there is no case because the end of its check is not written yet, or it has failed."""
        if answer.status == HTTPStatus.CONFLICT:
            return "这次检查还没有完成" in answer.said
        return self.may_fail and "这次检查没有" in answer.said

    def settle(self) -> None:
        """Wait for checks whose clients have given up: the server still works on them."""
        until = time.monotonic() + _UP_S
        while time.monotonic() < until and any(state == "waiting" for state, _, _ in checks_of(self.office).values()):
            time.sleep(0.5)

    def look(self, person: Person) -> None:
        """Compare what is there with what was confirmed; what is wrong is added to `troubles`."""
        self.settle()
        self.troubles += [
            f"{place} ({name}) was confirmed and does not show its verdict"
            for place, name in self.checks
            if not self._is_shown(self.office.get(person, place).text, name)
        ]
        self.troubles += what_is_wrong(self.office.address, self, self.office.files)


def checks_of(office: Office) -> dict[str, tuple[str, str, str]]:
    """Return state, decision and answer of every check."""
    query = select(StoredCheck.id, StoredCheck.state, StoredCheck.decision, StoredCheck.answer)
    with closing(open_database(office.address, create=False)) as database, database.reading() as connection:
        return {row.id: (row.state, row.decision, row.answer) for row in connection.execute(query)}


def what_is_wrong(address: str, told: Clients, files: Path, *, running: bool = False) -> list[str]:
    """Return what a register lacks of what was confirmed, what is half in it, and the faults of its log.

    Parameters
    ----------
    running
        Whether it was taken while people worked: checks may wait for their end then.
    """
    found: list[str] = []
    with closing(open_database(address, create=False)) as database, database.reading() as connection:
        checks = {row.id: row for row in connection.execute(select(StoredCheck.__table__))}
        cases = set(connection.execute(select(StoredRecord.id).where(StoredRecord.kind == "cases")).scalars())
        judged = Counter(connection.execute(select(StoredVerdict.record)).scalars())
        notes = {(row.record, row.text) for row in connection.execute(select(StoredNote.record, StoredNote.text))}
    for place, name in told.checks:
        row = checks.get(place.rsplit("/", 1)[1])
        if row is not None and row.state == "failed" and told.may_fail:
            continue
        if row is None or (row.state, row.decision) != ("done", told.expected[name]):
            found.append(f"{place} ({name}) was confirmed and is: {row}")
    good = ("done", "failed", "waiting") if running else ("done", "failed")
    found += [
        f"the check {row.id} is half: {row.state} {row.decision}"
        for row in checks.values()
        if row.state not in good or (row.state != "done" and (row.decision or row.answer))
    ]
    found += [f"the case {case} was confirmed and is lost" for case in set(told.cases) - cases]
    found += [f"the case {case} is half: it has no verdict" for case in cases if not judged[case]]
    found += [f"the note {note} was confirmed and is lost" for note in set(told.notes) - notes]
    with open_store(address, read_register_types(builtin_root()), create=False, files=files) as store:
        found += [fault.text.en for fault in store.verify().faults]
    return found


def end_of(troubles: Sequence[str]) -> int:
    """Print the troubles of a campaign; return its exit code."""
    for trouble in troubles[:30]:
        print(trouble)
    print(f"{len(troubles)} troubles")
    return 1 if troubles else 0
