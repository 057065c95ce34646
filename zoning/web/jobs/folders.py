"""The folders of jobs: what lies in them, how much they take, when they go.

Nothing in them is opened by the server: names and sizes are all that it looks at. Links are not followed.
"""

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from zoning.texts import Text
from zoning.web.jobs.job import Result
from zoning.web.workers.room import plain_files

OUT: Final = "out"
_FAILURE = "failure.json"
_LINES = 400
_TAIL_BYTES = 64_000
_MOST_RESULTS = 2_000
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


def results_of(folder: Path) -> tuple[Result, ...]:
    """Return the files in `folder`/out, at any depth, by name; hidden ones and links are left out."""
    home = folder / OUT
    found = []
    for path, size in plain_files(home):
        name = path.relative_to(home).as_posix()
        if not any(part.startswith(".") for part in name.split("/")):
            found.append(Result(name, size, path))
        if len(found) >= _MOST_RESULTS:
            break
    return tuple(sorted(found, key=lambda one: (one.name.count("/"), one.name)))


def progress_of(folder: Path) -> tuple[str, ...]:
    """Return the last lines of stderr, at most `_LINES`; a line that was written over itself counts once."""
    try:
        with (folder / "stderr").open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            data = file.read(_TAIL_BYTES)
    except OSError:
        return ()
    if size > _TAIL_BYTES:
        data = data.partition(b"\n")[2]
    lines = data.decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n")
    shown = [_CONTROL.sub("", line.rstrip("\r").rpartition("\r")[2]).rstrip() for line in lines]
    return tuple(line for line in shown if line)[-_LINES:]


def note_failure(folder: Path, why: Text) -> None:
    """Write down why a job has no result; on a full disk it is said without the figure."""
    with contextlib.suppress(OSError):
        (folder / _FAILURE).write_text(json.dumps(why.plain()), encoding="utf-8")


def noted_failure(folder: Path) -> Text | None:
    """Return what `note_failure` wrote; None where that is gone."""
    try:
        told = json.loads((folder / _FAILURE).read_text(encoding="utf-8"))
        return Text(told["zh"], told["en"])
    except (OSError, ValueError, KeyError):
        return None


def remove(folder: Path) -> None:
    """Remove a folder with whatever is in it, or a file."""
    if folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            folder.unlink(missing_ok=True)


def sweep(home: Path, days: float, busy: Collection[str]) -> int:
    """Remove the folders and files in `home` that nothing has been written to for so many days; return how many.

    Parameters
    ----------
    busy
        Names of the folders of jobs that wait or run: they stay.
    """
    oldest = time.time() - days * 86_400
    gone = 0
    try:
        entries = list(os.scandir(home))
    except OSError:
        return 0
    for entry in entries:
        if entry.name not in busy and not entry.is_symlink() and _newest(Path(entry.path)) < oldest:
            remove(Path(entry.path))
            gone += 1
    return gone


def _newest(folder: Path) -> float:
    times = [_modified(folder), *(_modified(path) for path, _ in plain_files(folder))]
    return max(times)


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0
