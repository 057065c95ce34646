"""How the server asks a worker: a folder for the task that goes afterwards, and the answer that was written there."""

import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from zoning.web.server import Server
from zoning.web.workers.work import Outcome, Task, demand_done


class _Pool(Protocol):
    def run(self, task: Task) -> Outcome: ...


@contextmanager
def task_folder(server: Server, home: str) -> Iterator[Path]:
    """Give the folder of one task, below a folder of the server's state; it goes afterwards with all that is in it."""
    folder = server.folder(home) / secrets.token_urlsafe(9)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def answer_of(pool: _Pool, task: Task, refuse: Callable[[str, str], Exception]) -> dict[str, Any]:
    """Let a worker do a task; return its answer.

    Parameters
    ----------
    refuse
        Makes of a sentence of the worker (zh, en) what is raised.

    Raises
    ------
    NoAnswerError, NoRoomError
        As `demand_done`.
    """
    demand_done(pool.run(task), task)
    answer = written_answer(task)
    if "error" in answer:
        raise refuse(answer["error"]["zh"], answer["error"]["en"])
    return answer


def written_answer(task: Task) -> dict[str, Any]:
    """Return the answer that lies in the folder of a task."""
    found: dict[str, Any] = json.loads((task.folder / "answer.json").read_bytes())
    return found
