"""The same batch on a cluster: Dask distributed runs the tasks, on workers that were found to be like this computer.

The scheduler and the workers belong to the user; this module is a client of theirs. It connects to the one address that
it is given, opens no port and no dashboard. Parts come back through the scheduler, a few per worker at a time.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from zoning.batch.cluster_session import Session
from zoning.batch.job import Job, Part, Task
from zoning.errors import LayerError, UsageError, how_to_install
from zoning.texts import Text

_ADDRESS = re.compile(r"(tcp|tls)://([^\s/:@\[\]]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")
_TALKATIVE = ("distributed", "tornado", "asyncio")


def _silent(_text: Text) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Dask:
    """Runs the tasks of a batch on the workers of a Dask scheduler.

    Attributes
    ----------
    scheduler
        `tcp://host:port`, or `tls://host:port` with the certificates that Dask's own configuration names.
    say
        Told what goes on beside the results: copies that are made, workers that are waited for.
    connect_s
        How long the scheduler may take to answer at first, seconds.
    patience_s
        How long there may be no worker at all, seconds.
    """

    scheduler: str
    say: Callable[[Text], None] = _silent
    connect_s: float = 15.0
    patience_s: float = 300.0

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        """Yield the part of every task, as they are done.

        Raises
        ------
        UsageError
            When the address is none, or `distributed` is not installed.
        LayerError
            When the scheduler cannot be reached or is lost, when a worker is not like this computer, and when a layer
            cannot be read. What was yielded before holds.
        """
        check_address(self.scheduler)
        client_class = _client_class()
        with _quiet(), _connected(client_class, self.scheduler, self.connect_s) as client:
            yield from Session(client, self.scheduler, self.say, self.patience_s).run(job, tasks)


def check_address(scheduler: str) -> None:
    """Do nothing when this is the address of a scheduler.

    Raises
    ------
    UsageError
        When it is not.
    """
    if not _ADDRESS.fullmatch(scheduler):
        raise UsageError(
            f"--scheduler：“{scheduler}”不是调度器地址；写成 tcp://主机:端口 或 tls://主机:端口，例如 tcp://10.0.0.5:8786",
            f"--scheduler: '{scheduler}' is no address of a scheduler; write tcp://host:port or tls://host:port, for "
            "example tcp://10.0.0.5:8786",
        )


def _client_class() -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        how = how_to_install("cluster")
        raise UsageError(
            f"--scheduler 需要 Dask distributed，未安装；{how.zh}",
            f"--scheduler needs Dask distributed, which is not installed: {how.en}",
        ) from error

    class Checked(Client):
        """A client that leaves nothing behind when it cannot be made: Dask's would try to close it for a long time."""

        def __init__(self, *args: Any, **options: Any) -> None:
            try:
                super().__init__(*args, **options)  # type: ignore[no-untyped-call]  # Dask ships no types
            except BaseException:
                if self.status != "closed":
                    self._loop_runner.stop()  # type: ignore[no-untyped-call]  # Dask ships no types
                    self.status = "closed"
                raise

    return Checked


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log, with its tracebacks, off stderr: what the user must know is said in a sentence."""
    names = [*_TALKATIVE, *logging.root.manager.loggerDict]
    # Dask gives some of its loggers a level and a handler of their own.
    loggers = [logging.getLogger(name) for name in names if name.partition(".")[0] in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def _connected(client_class: Any, address: str, timeout_s: float) -> Iterator[Any]:
    from distributed.versions import VersionMismatchWarning

    try:
        with warnings.catch_warnings():
            # Versions that matter are compared with every worker, and say more than this table.
            warnings.simplefilter("ignore", VersionMismatchWarning)
            client = client_class(
                address, timeout=timeout_s, set_as_default=False, name="zoning", direct_to_workers=False
            )
    except Exception as error:
        # Which kind it is depends on who answers there: nobody, another program, or a scheduler with other keys.
        raise _unreachable(address, error) from error
    try:
        yield client
    finally:
        with suppress(Exception):  # a scheduler that is gone need not be told that the client is gone
            client.close(timeout=5)


def _unreachable(address: str, error: Exception) -> LayerError:
    kind = f"{type(error).__name__}: {error}".replace("\n", " ")[:200]
    if address.startswith("tls:"):
        return LayerError(
            f"{address}：不能与调度器建立加密连接（{kind}）；请检查地址，以及 Dask 配置中 distributed.comm.tls 的 "
            "ca-file、client.cert 和 client.key",
            f"{address}: no encrypted connection to the scheduler ({kind}); check the address, and ca-file, "
            "client.cert and client.key under distributed.comm.tls in Dask's configuration",
        )
    if isinstance(error, OSError):
        return LayerError(
            f"{address}：不能连接到调度器（{kind}）；请检查地址和网络，并用 dask scheduler 启动调度器",
            f"{address}: the scheduler cannot be reached ({kind}); check address and network, and start it with: dask "
            "scheduler",
        )
    return LayerError(
        f"{address}：那里应答的不是 Dask 调度器，或版本相差太大（{type(error).__name__}）；请检查地址和端口",
        f"{address}: what answers there is no Dask scheduler, or one of a very different version "
        f"({type(error).__name__}); check address and port",
    )
