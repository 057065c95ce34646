"""The workbench with an office at work: people who read pages and check sites at the same time, for minutes."""

import csv
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

import httpx
import psutil

import zoning
from bench import history
from bench.machine import description, load_average
from bench.rows import Row, at_most, show, without_targets
from zoning.workspace import Workspace, builtin_root, copy_workspace

USERS, SECONDS = 50, 300
SHORT_USERS, SHORT_SECONDS = 6, 20
CHECK_S, PAGE_S, START_S, GROWTH = 1.5, 0.3, 3.0, 1.15
ON = date(2026, 11, 22)
_FILE = Path(__file__).parent / "history" / "workbench.jsonl"
_USERS = Path(__file__).with_name("workbench_users.py")
_EXAMPLES = ("school.geojson", "lodge.zip", "processing-plant.txt", "viewing-platform.txt", "coal-panels.gpkg")
_LOOK_S = 2.0
_PATIENCE_S = 60.0
_JOINING_S = 10
_TIMES = 10
_READY_S = 20.0
"""Workers make themselves ready behind the first people."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    Attributes
    ----------
    start_s
        From the command to the sign-in page.
    first_s, alone_s
        The first check after that; the median of ten with nobody else there.
    check_cpu_s, page_cpu_s
        Processor time that the server and its workers take for one: does not depend on what else the computer does.
    check_s, page_s
        95th percentiles, seconds; `check_median_s`, `page_median_s` their medians; `slowest_page` by name.
    memory_mb, growth
        Of the server and all that it started (shared memory counted once) at the end; over that of the second minute.
    """

    users: int
    seconds: int
    start_s: float
    first_s: float
    alone_s: float
    check_cpu_s: float
    page_cpu_s: float
    checks: int
    pages: int
    errors: int
    check_s: float
    check_median_s: float
    page_s: float
    page_median_s: float
    slowest_page: str
    slowest_page_s: float
    sign_in_s: float
    memory_mb: float
    growth: float

    @property
    def met(self) -> bool:
        """Whether all targets are met."""
        return self.check_s <= CHECK_S and self.page_s <= PAGE_S and not self.errors and self.growth <= GROWTH


def report(users: int, seconds: int, *, keep: bool, maps: bool = False) -> int:
    """Measure, print, and join the history; 1 when a request failed."""
    found, faults = measure(users, seconds, maps=maps)
    rows = _rows(found)
    print(f"The workbench: {users} people for {seconds} s, {os.cpu_count()} cores, load {load_average()}")
    show(rows if (users, seconds) == (USERS, SECONDS) else without_targets(rows))
    for fault in faults:
        print(f"  {fault}")
    if keep:
        record = {
            "when": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
            "version": zoning.__version__,
            "machine": {**description(), "load": load_average()},
            **asdict(found),
            "check_over_alone": found.check_s / found.alone_s,
            "page_over_alone": found.page_s / found.alone_s,
        }
        history.append(record, _FILE)
    return 1 if found.errors else 0


def measure(users: int, seconds: int, *, maps: bool = False) -> tuple[Figures, list[str]]:
    """Serve a copy of the built-in workspace, let people in, and return the figures and what failed."""
    with tempfile.TemporaryDirectory(prefix="zoning-workbench-") as name:
        folder = Path(name)
        root = folder / "workspace"
        copy_workspace(builtin_root(), root)
        password = secrets.token_urlsafe(12)
        _accounts(root, users, password)
        sites = folder / "sites"
        sites.mkdir()
        for file in _EXAMPLES:
            shutil.copy(builtin_root() / "examples" / file, sites)
        with _served(root, folder) as (url, process, start_s):
            alone = _alone(url, password, sites / _EXAMPLES[0], process.pid)
            memory: list[tuple[float, float]] = []
            prefix = folder / "load"
            environ = {
                **os.environ,
                "BENCH_SITES": str(sites),
                "BENCH_PASSWORD": password,
                "BENCH_BOUNDS": _bounds(root),
                **({"BENCH_MAPS": "1"} if maps else {}),
            }
            with _locust(url, users, seconds, prefix, environ) as load:
                began = time.monotonic()
                while load.poll() is None:
                    memory.append((time.monotonic() - began, _tree_mb(process.pid)))
                    time.sleep(_LOOK_S)
            table = _told(prefix.with_name("load.json"), folder / "locust.txt")
            faults = [
                f"{row['Occurrences']} x {row['Name']}: {row['Error']}"
                for row in csv.DictReader(prefix.with_name("load_failures.csv").open(encoding="utf-8"))
            ]
        return _figures(users, seconds, (start_s, *alone), table, memory), faults


def _rows(found: Figures) -> list[Row]:
    return [
        at_most("sign-in page after the command", found.start_s, START_S, unit="s"),
        Row("the first check, of a server just started", f"{found.first_s:.2f} s"),
        Row("a check with nobody else there", f"{found.alone_s:.2f} s"),
        Row("    processor time of it", f"{found.check_cpu_s:.3f} s"),
        Row("    processor time of a page", f"{found.page_cpu_s:.3f} s"),
        at_most(f"checks ({found.checks:,}), 95 of 100 within", found.check_s, CHECK_S, unit="s"),
        Row("    median", f"{found.check_median_s:.2f} s"),
        Row("    against a check alone", f"{found.check_s / found.alone_s:.1f} x"),
        at_most(f"pages ({found.pages:,}), 95 of 100 within", found.page_s, PAGE_S, unit="s"),
        Row("    median", f"{found.page_median_s:.3f} s"),
        Row(f"    slowest: {found.slowest_page}", f"{found.slowest_page_s:.2f} s"),
        Row("signing in, 95 of 100 within", f"{found.sign_in_s:.2f} s"),
        at_most("requests that failed", found.errors, 0, unit="", digits=0),
        at_most("memory at the end over that of the beginning", found.growth, GROWTH, unit="x"),
        Row("    at the end", f"{found.memory_mb:,.0f} MB"),
    ]


def _told(stats: Path, said: Path) -> list[dict[str, Any]]:
    """Return what locust counted, by name of the request."""
    try:
        found: list[dict[str, Any]] = json.loads(stats.read_text(encoding="utf-8"))
    except ValueError:
        raise SystemExit(said.read_text(encoding="utf-8")[-4000:]) from None
    return found


def _share(table: Sequence[dict[str, Any]], share: float) -> float:
    """Return within how many seconds a share of all these requests was answered (locust rounds to two digits)."""
    times: Counter[float] = Counter()
    for row in table:
        times.update({float(milliseconds): count for milliseconds, count in row["response_times"].items()})
    left = share * times.total()
    for milliseconds in sorted(times):
        left -= times[milliseconds]
        if left <= 0:
            return milliseconds / 1000
    return 0.0


def _figures(
    users: int,
    seconds: int,
    alone: Sequence[float],
    table: Sequence[dict[str, Any]],
    memory: Sequence[tuple[float, float]],
) -> Figures:
    checks = [row for row in table if row["name"] == "check"]
    pages = [row for row in table if row["name"].startswith("page ")]
    slowest = max(pages, key=lambda row: _share([row], 0.95))
    early = [held for at, held in memory if seconds * 0.2 <= at <= seconds * 0.4] or [held for _, held in memory]
    late = [held for at, held in memory if at >= seconds * 0.8] or [held for _, held in memory]
    return Figures(
        users=users,
        seconds=seconds,
        start_s=alone[0],
        first_s=alone[1],
        alone_s=alone[2],
        check_cpu_s=alone[3],
        page_cpu_s=alone[4],
        checks=sum(row["num_requests"] for row in checks),
        pages=sum(row["num_requests"] for row in pages),
        errors=sum(row["num_failures"] for row in table),
        check_s=_share(checks, 0.95),
        check_median_s=_share(checks, 0.5),
        page_s=_share(pages, 0.95),
        page_median_s=_share(pages, 0.5),
        slowest_page=slowest["name"],
        slowest_page_s=_share([slowest], 0.95),
        sign_in_s=_share([row for row in table if row["name"] == "sign in"], 0.95),
        memory_mb=mean(late),
        growth=mean(late) / mean(early),
    )


def _accounts(root: Path, users: int, password: str) -> None:
    """Make the accounts; all passwords are one, hashed once: fifty times would take longer than the start."""
    from sqlalchemy import insert, select, update

    from zoning.registers.entries import Stamp
    from zoning.registers.schema_server import StoredAccount
    from zoning.registers.store import open_store
    from zoning.registers.types import read_register_types
    from zoning.web.accounts.accounts import Accounts

    store = open_store(
        str(root / "register.sqlite"), read_register_types(root), create=True, files=root / "register-files"
    )
    accounts = Accounts(store.database)
    stamp = Stamp("bench", datetime.now(UTC))
    accounts.create("boss", title="boss", roles=["admin", "reviewer"], password=password, stamp=stamp)
    with store.database.writing() as connection:
        row = dict(connection.execute(select(*StoredAccount.__table__.columns)).mappings().one())
        rows = [{**row, "name": f"user{number:02}", "title": f"user {number}"} for number in range(users)]
        connection.execute(insert(StoredAccount), rows)
        connection.execute(
            update(StoredAccount).where(StoredAccount.name.startswith("user")).values(roles='["reviewer"]')
        )
    store.close()


def _bounds(root: Path) -> str:
    """Return a box well inside the territories, as locust is told it."""
    west, south, east, north = Workspace.open(root).extent(ON)
    aside, up = (east - west) * 0.25, (north - south) * 0.25
    return ",".join(f"{number:.6f}" for number in (west + aside, south + up, east - aside, north - up))


@contextmanager
def _served(root: Path, folder: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]", float]]:
    """Yield address and process of a server, and how long it took to answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("zoning")), "serve", "--workspace", str(root), "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    began = time.monotonic()
    with (folder / "server.txt").open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            while not _answers(url):
                if process.poll() is not None or time.monotonic() - began > _PATIENCE_S:
                    raise SystemExit((folder / "server.txt").read_text(encoding="utf-8")[-4000:])
                time.sleep(0.02)
            yield url, process, time.monotonic() - began
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{url}/sign-in", timeout=5).status_code == 200
    return False


def _alone(url: str, password: str, site: Path, server: int) -> tuple[float, float, float, float]:
    """Return the time of the first check, the median of ten, and the processor time of one check and of one page."""
    with httpx.Client(base_url=url, timeout=60) as client:
        client.post("/sign-in", data={"name": "boss", "password": password})
        mark = client.get("/").text.split('name="csrf" content="')[1].split('"')[0]
        first = _check(client, mark, site)[0]
        time.sleep(_READY_S)
        began = _cpu_s(server)
        checks = [_check(client, mark, site) for _ in range(_TIMES)]
        checked = _cpu_s(server)
        paths = ("/", "/check", "/cases", checks[0][1])
        for _ in range(_TIMES):
            for path in paths:
                client.get(path)
        read = _cpu_s(server)
    each = (checked - began) / _TIMES, (read - checked) / (_TIMES * len(paths))
    return first, median(seconds for seconds, _ in checks), *each


def _check(client: httpx.Client, mark: str, site: Path) -> tuple[float, str]:
    """Check a site; return how long it took, and where its verdict is."""
    began = time.perf_counter()
    answer = client.post("/check", data={"csrf": mark}, files={"file": (site.name, site.read_bytes())})
    place = answer.headers.get("location", "")
    if not place.startswith("/checks/"):
        raise SystemExit(f"no verdict: {answer.status_code} {answer.text[:500]}")
    return time.perf_counter() - began, place


def _cpu_s(process: int) -> float:
    """Return the processor time of a process and all below it, of those that have ended too."""
    top = psutil.Process(process)
    times = [one.cpu_times() for one in [top, *top.children(recursive=True)]]
    return float(sum(sum(each[:4]) for each in times))


@contextmanager
def _locust(
    url: str, users: int, seconds: int, prefix: Path, environ: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "locust", "-f", str(_USERS), "--headless", "--host", url]
    command += ["-u", str(users), "-r", str(max(1, users // _JOINING_S)), "-t", f"{seconds}s", "--only-summary"]
    command += ["--csv", str(prefix), "--json", "--exit-code-on-error", "0"]
    with prefix.with_name("locust.txt").open("wb") as said, prefix.with_name("load.json").open("wb") as found:
        process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=found, stderr=said)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait()


def _tree_mb(process: int) -> float:
    """Return what a process and all below it hold, memory that they share counted once."""
    total = 0
    with suppress(psutil.Error):
        top = psutil.Process(process)
        for one in [top, *top.children(recursive=True)]:
            with suppress(psutil.Error):
                total += one.memory_full_info().pss
    return float(total / 1e6)
