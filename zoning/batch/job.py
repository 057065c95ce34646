"""What the processes of a batch tell each other: the job, its tasks, their parts; and who runs them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from zoning.layers.digests import content_sha256
from zoning.rules.told import Told

if TYPE_CHECKING:
    from zoning.sites.streaming import Row


@dataclass(frozen=True)
class Job:
    """Everything that a worker needs to know beside the footprints; travels between processes.

    Attributes
    ----------
    root
        Folder of the workspace.
    prepared
        Folder of the prepared layers; None: windows of the sources are read. No answer depends on it.
    refuse_invalid
        Whether a footprint that would have to be repaired is refused.
    keep_verdicts
        Whether the parts hold the whole verdicts as well.
    identity
        Digest of each thing that decides the results, by its name; see `zoning.batch.identity`.
    """

    root: Path
    prepared: Path | None
    on: date
    told: Told
    identity: Mapping[str, str]
    refuse_invalid: bool = False
    keep_verdicts: bool = False

    @cached_property
    def digest(self) -> str:
        """One digest of all that decides; the same for two jobs that give the same results."""
        return content_sha256({"root": str(self.root), "prepared": str(self.prepared), **self.identity})


@dataclass(frozen=True, slots=True)
class Task:
    """Some footprints of one block, near each other; `number` counts through the whole file."""

    number: int
    rows: tuple["Row", ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The results of one task.

    Attributes
    ----------
    arrow
        An Arrow IPC file with one record per footprint, in any order; see `zoning.batch.columns`.
    peak_mb
        The most memory that the process which made it has held so far. Figures of the run, not of the result.
    """

    number: int
    arrow: bytes
    peak_mb: float = 0.0


class Executor(Protocol):
    """Runs tasks somewhere: in this process, in others, on a cluster. No result depends on which."""

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        """Yield the part of every task, in any order.

        Tasks are drawn as they are needed, a bounded number ahead. A task that ends its process does not end the run;
        see `zoning.batch.isolation`. When the iterator is closed, everything that it started is ended.

        Raises
        ------
        ZoningError
            When the whole run cannot go on: a layer cannot be read.
        """
        ...
