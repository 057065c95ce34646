"""The client programs of the docs run as they stand: scripts/clients/*.py, standard library only."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from live_server import Lent, listening
from web_programs import program, token
from web_world import World, world
from zoning.registers.entries import Stamp
from zoning.web.hooks.announce import announce
from zoning.web.hooks.delivery import deliver_due
from zoning.web.hooks.hooks import Hooks
from zoning.web.workers.pool import Pool

CLIENTS = Path(__file__).resolve().parents[2] / "scripts" / "clients"


@pytest.fixture(scope="module")
def office_of_module(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("clients"), Lent(shared_pool)) as found:  # type: ignore[arg-type]  # stands for a pool
        yield found


@pytest.fixture(scope="module")
def url(office_of_module: World) -> Iterator[str]:
    with listening(office_of_module) as address:
        yield address


@pytest.fixture(scope="module")
def secret(office_of_module: World) -> str:
    return token(office_of_module, "reviewer")


def run(name: str, secret: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CLIENTS / name), *map(str, arguments)]
    environment = {**os.environ, "ZONING_TOKEN": secret, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def test_clients_need_nothing_but_python() -> None:
    programs = sorted(CLIENTS.glob("*.py"))
    assert len(programs) == 5
    for path in programs:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(one.partition(".")[0] in sys.stdlib_module_names for one in names), path.name


def test_check_site(url: str, secret: str, shared_root: Path) -> None:
    done = run("check_site.py", secret, url, shared_root / "examples" / "school.geojson", "--on", "2026-11-23")
    assert (done.returncode, done.stderr) == (4, ""), done
    assert done.stdout.startswith("S1 undetermined 尚待明确")
    wrong = run("check_site.py", "zt_wrong", url, shared_root / "examples" / "school.geojson")
    assert (wrong.returncode, wrong.stderr.startswith("401: ")) == (4, True), wrong


def test_site_check_job(url: str, secret: str, shared_root: Path, tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    done = run("site_check_job.py", secret, url, shared_root / "examples" / "school.geojson", target)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "undetermined"
    assert json.loads(target.read_text(encoding="utf-8"))["verdicts"][0]["schema"] == "zoning.verdict/1"


def test_read_layer(url: str, secret: str, tmp_path: Path) -> None:
    target = tmp_path / "zones.geojson"
    done = run("read_layer.py", secret, url, "ecological-red-line", target, "--datetime", "2026-11-23")
    assert (done.returncode, done.stdout) == (0, "31 features\n"), done.stderr
    assert len(json.loads(target.read_text(encoding="utf-8"))["features"]) == 31


def test_list_cases(office_of_module: World, url: str, secret: str) -> None:
    http = program(office_of_module)
    numbers = [http.post("/api/v1/cases", json={"values": {"XMMC": name}}).json()["case"] for name in ("甲", "乙")]
    done = run("list_cases.py", secret, url, "--state", "received")
    assert done.stdout.split() == [word for number in reversed(numbers) for word in (number, "received")], done
    moved = run("list_cases.py", secret, url, "--move", numbers[0], "--to", "checking")
    assert (moved.returncode, moved.stdout) == (0, f"{numbers[0]} checking version 2\n"), moved.stderr
    refused = run("list_cases.py", secret, url, "--move", numbers[0], "--to", "received")
    assert (refused.returncode, refused.stderr.startswith("400: ")) == (1, True), refused


def test_receive_hook(office_of_module: World) -> None:
    hooks, stamp = Hooks(office_of_module.server.store.database), Stamp("admin", datetime.now(UTC))
    with subprocess.Popen(
        [sys.executable, str(CLIENTS / "receive_hook.py"), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "ZONING_HOOK_SECRET": "whsec_AAAA", "PYTHONIOENCODING": "utf-8"},
    ) as receiver:
        try:
            assert receiver.stdout is not None
            port = int(receiver.stdout.readline().split()[1])
            hook, _ = hooks.create(
                f"http://127.0.0.1:{port}/", title="县", events=["case.decided"], private=True, stamp=stamp
            )
            with office_of_module.server.store.database.writing() as connection:
                announce(connection, "case.decided", {"case": "2026-0001", "decision": "prohibited"}, stamp)
            assert deliver_due(office_of_module.server) == 0  # signed with another secret: refused
            assert hooks.deliveries(hook)[0].answer == "401"
            with office_of_module.server.store.database.writing() as connection:
                from sqlalchemy import update

                from zoning.registers.schema_server import StoredHook

                connection.execute(update(StoredHook).values(secret="whsec_AAAA"))  # noqa: S106 - a test
            hooks.again(hooks.deliveries(hook)[0].id, stamp)
            assert deliver_due(office_of_module.server) == 1
            assert receiver.stdout.readline() == 'case.decided {"case": "2026-0001", "decision": "prohibited"}\n'
        finally:
            receiver.kill()
