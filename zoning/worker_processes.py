"""Processes that work for this one: started afresh, and ended with it."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process
from typing import TypeVar

T = TypeVar("T")


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_pool(count: int, prepare: Callable[[T], None], shared: T) -> ProcessPoolExecutor:
    """Return processes of which each is given, once, what all tasks share: no library has to survive a fork.

    Parameters
    ----------
    prepare
        Called in each process with `shared`; a function of a module.
    """
    # The process that looks after semaphores would complain about those that an interruption leaves behind.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=(prepare, shared))


def end_pool(pool: ProcessPoolExecutor) -> None:
    """End a pool with its processes: what they still compute nobody waits for."""
    processes = list((pool._processes or {}).values())  # noqa: SLF001 - the library has no public way before 3.14
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()


def _begin(prepare: Callable[[T], None], shared: T) -> None:
    """Prepare a process: an interruption is the matter of the one that started it, and with that one it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare(shared)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
