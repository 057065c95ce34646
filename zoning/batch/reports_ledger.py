"""What was written of the reports of a batch before an interruption: finished reports are taken over, not made again.

The ledger lies in the work folder of the batch, which one process holds at a time and which goes with the run. Its
first line says what the reports rest on; every further line stands for one record whose report is there.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from zoning.atomic_write import write_whole
from zoning.batch.folder import MERGED
from zoning.errors import ContentError, os_reason
from zoning.layers.digests import file_sha256

NAME = f"{MERGED}.reports.jsonl"
"""One of the results of the run in the eyes of the work folder, and removed with them."""

SCHEMA = "zoning.batch-reports/1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index; `file` is None where a record was refused."""

    number: int
    name: str
    decision: str | None
    word: str
    colour: str
    area_ha: str
    area_mu: str
    sentence: str
    code: str
    file: str | None


@dataclass(frozen=True, slots=True)
class Basis:
    """What reports rest on besides their verdicts.

    Attributes
    ----------
    digests
        Of templates, styles, options and programs, by name; reports of different ones do not belong together.
    made_on
        The day that is printed in them: a run that is taken up after midnight keeps the day of its beginning.
    """

    digests: Mapping[str, str]
    made_on: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A record whose report is written; `sha256` of the file, None where there is none."""

    entry: Entry
    sha256: str | None


@dataclass(slots=True)
class Ledger:
    """The finished reports of one run, by the number of their record."""

    path: Path
    basis: Basis
    finished: dict[int, Finished]

    def taken_over(self, number: int, folder: Path) -> Entry | None:
        """Return the entry of a record whose report lies in the folder byte by byte as it was written; else None."""
        found = self.finished.get(number)
        if found is None:
            return None
        if found.entry.file is None:
            return found.entry
        path = folder / found.entry.file
        return found.entry if path.is_file() and file_sha256(path) == found.sha256 else None

    def add(self, done: Finished) -> None:
        """Note a report that has just been written.

        Raises
        ------
        ContentError
            When it cannot be noted.
        """
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(_line(done))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            reason = os_reason(error)
            raise ContentError(
                f"{self.path}：写入失败（{reason.zh}）", f"{self.path}: cannot be written ({reason.en})"
            ) from error
        self.finished[done.entry.number] = done


def open_ledger(folder: Path, digests: Mapping[str, str], today: str) -> Ledger:
    """Return the ledger of a work folder; an empty one where reports would rest on something else now.

    Raises
    ------
    ContentError
        When it cannot be written.
    """
    path = folder / NAME
    basis, finished = _read(path)
    if basis is None or basis.digests != digests:
        basis, finished = Basis(digests, today), []
    ledger = Ledger(path, basis, {one.entry.number: one for one in finished})
    # Written anew: a line that was cut short must not be continued.
    head = json.dumps({"schema": SCHEMA, **asdict(basis)}, ensure_ascii=False) + "\n"
    write_whole(path, head + "".join(map(_line, finished)))
    return ledger


def _line(done: Finished) -> str:
    return json.dumps({"sha256": done.sha256, "entry": asdict(done.entry)}, ensure_ascii=False) + "\n"


def _read(path: Path) -> tuple[Basis | None, list[Finished]]:
    """Read what is whole, up to a line that was cut short; nothing of a file that is no ledger."""
    try:
        head, *lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        told = json.loads(head)
        if told.pop("schema") != SCHEMA:
            return None, []
        return Basis(**told), list(_finished(lines))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None, []


def _finished(lines: Iterable[str]) -> Iterable[Finished]:
    for line in lines:
        try:
            told = json.loads(line)
            yield Finished(Entry(**told["entry"]), told["sha256"])
        except (ValueError, TypeError, KeyError):
            return
