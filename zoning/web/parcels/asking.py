"""Workers read what people hand in: places of records, photos. The server itself opens none of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError, UsageError
from zoning.registers.files import Copy, keep_copy
from zoning.registers.types import RegisterType
from zoning.web.server import Server
from zoning.web.workers.asking import answer_of, task_folder
from zoning.web.workers.work import Task

_SECONDS = 30


@contextmanager
def asked(server: Server, task: str, told: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Path]]:
    """Let a worker do a task; yield its answer and the folder with what it wrote, which goes afterwards.

    Raises
    ------
    ContentError
        With the sentence of the worker.
    NoAnswerError
        When it has none.
    """
    memory = server.settings.quotas.memory_mb
    with task_folder(server, "parcels") as folder:
        answer = answer_of(
            server.pool, Task(folder, task, dict(told), seconds=_SECONDS, memory_mb=memory), ContentError
        )
        yield answer, folder


def place_in(server: Server, kind: RegisterType, file: Path) -> BaseGeometry:
    """Keep a boundary file and return the place that it holds (degrees, EPSG:4490).

    Raises
    ------
    ContentError
        When it cannot be read, or holds none or several.
    UsageError
        When records of this kind have no place.
    """
    if kind.shape == "none":
        raise UsageError("这类台账没有图形", "records of this kind have no place")
    copy: Copy = keep_copy(server.settings.files, file)
    told = {
        "file": str(server.settings.files / copy.path),
        "name": copy.name,
        "on": server.today().isoformat(),
        "kind": kind.shape,
    }
    with asked(server, "record-place", told) as (answer, _):
        return shapely.from_wkb(bytes.fromhex(answer["geometry"]))
