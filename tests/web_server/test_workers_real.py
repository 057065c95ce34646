"""Workers with the real commands: the same bytes as on the command line, nothing shared between tasks."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from web_world import World, workspace
from zoning.cli.warm import WarmCommands
from zoning.layers.catalogue import Catalogue
from zoning.registers.schema_server import StoredCheck
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.checks import Check, end_interrupted_checks, get_check, run_check
from zoning.web.workers.pool import Pool
from zoning.web.workers.priming import Primer
from zoning.web.workers.tasks import Kept
from zoning.web.workers.work import Outcome, Task
from zoning.workspace import Workspace

ON = "2026-11-22"
EXAMPLES = ("school.geojson", "lodge.zip", "processing-plant.txt", "viewing-platform.txt", "coal-panels.gpkg")


def told(file: Path) -> dict[str, Any]:
    return {"file": str(file), "name": file.name, "on": ON, "facts": {}, "options": {}}


def seen(pool: Pool, folder: Path) -> dict[str, Any]:
    assert pool.run(Task(folder, "command", ["look"])).code == 0
    found: dict[str, Any] = json.loads((folder / "stdout").read_text())
    return found


@pytest.mark.parametrize("name", ["school.geojson", "coal-panels.gpkg"])
def test_answers_are_those_of_the_command_line_byte_for_byte(
    shared_pool: Pool, shared_root: Path, tmp_path: Path, name: str
) -> None:
    """The command line starts afresh, in another process, and reads the files of the layers: here none is prepared."""
    file = shared_root / "examples" / name
    arguments = ["check", str(file), "--on", ON, "--format", "json"]
    zoning = Path(sys.executable).with_name("zoning")
    command = [str(zoning), *arguments, "--workspace", str(workspace(tmp_path / "w"))]
    alone = subprocess.run(command, capture_output=True, check=False)
    assert alone.returncode in (0, 1, 3), alone.stderr
    as_command = Task(tmp_path / f"command-{name}", "command", arguments)
    for turn in range(2):
        outcome = shared_pool.run(as_command)
        assert (outcome.state, outcome.code) == ("done", alone.returncode)
        assert (as_command.folder / "stdout").read_bytes() == alone.stdout, (name, turn)
    as_check = Task(tmp_path / f"check-{name}", "check", told(file))
    assert shared_pool.run(as_check).state == "done"
    answer = json.loads((as_check.folder / "answer.json").read_bytes())
    said = json.loads(alone.stdout)
    assert answer["verdicts"] == (said if isinstance(said, list) else [said])


def test_the_keeper_has_one_thread_and_no_file_of_data_open(
    shared_pool: Pool, shared_root: Path, tmp_path: Path
) -> None:
    """What copies share: positions in open files, and locks of threads that they do not have."""
    for number, name in enumerate(EXAMPLES):
        shared_pool.run(Task(tmp_path / str(number), "check", told(shared_root / "examples" / name)))
    found = seen(shared_pool, tmp_path / "look")
    assert found["threads"] == 1
    # PROJ reads its database at stated places (pread) and opens it anew in a copy; prepared layers are mapped.
    shared = ("pipe:", "socket:", "/dev/null", "anon_inode:", str(shared_root / ".prepared"))
    said = str(tmp_path.parent.parent)  # where pytest keeps what was printed
    files = [name for name in found["files"] if not name.startswith((*shared, said)) and "(deleted)" not in name]
    assert [name for name in files if not name.endswith("/proj.db")] == []


def test_one_day_after_another(shared_pool: Pool, shared_root: Path, tmp_path: Path) -> None:
    """A day that is asked for again and again is opened in the keeper, and changes nothing."""
    file = shared_root / "examples" / "school.geojson"
    answers = []
    for number in range(4):
        task = Task(tmp_path / str(number), "check", {**told(file), "on": "2024-05-01"})
        assert shared_pool.run(task).state == "done"
        answers.append((task.folder / "answer.json").read_bytes())
        seen(shared_pool, tmp_path / f"look-{number}")
    assert len(set(answers)) == 1
    assert json.loads(answers[0])["verdicts"][0]["on"] == "2024-05-01"


def test_a_file_that_cannot_be_read_costs_the_next_nothing(
    shared_pool: Pool, shared_root: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_text('{"type": "Polygon", "coordinates": [[[0, 0], [1')
    task = Task(tmp_path / "bad", "check", told(bad))
    assert shared_pool.run(task).state == "done"
    assert set(json.loads((task.folder / "answer.json").read_bytes())) == {"error"}
    task = Task(tmp_path / "good", "check", told(shared_root / "examples" / "school.geojson"))
    assert shared_pool.run(task).state == "done"
    assert len(json.loads((task.folder / "answer.json").read_bytes())["verdicts"]) == 1


def test_layers_in_databases_are_read_in_copies_only(shared_root: Path) -> None:
    """A keeper that had asked a database would share the line to it with all of its copies."""
    workspace = Workspace.open(shared_root)
    source = Untouched()
    kept = Kept(workspace, source, {})  # type: ignore[arg-type]  # stands for a workspace
    assert not kept.asks_databases
    layers = dict(workspace.catalogue.layers)
    layer = next(iter(layers.values()))
    name, edition = next(iter(layer.editions.items()))
    moved = edition.model_copy(update={"file": None, "source": "postgresql://nowhere/zones", "table": "public.zones"})
    layers[layer.id] = layer.model_copy(update={"editions": {**layer.editions, name: moved}})
    catalogue = Catalogue(shared_root, layers, workspace.catalogue.territory_layer)
    there = Kept(Workspace(shared_root, workspace.file, catalogue), source, {})  # type: ignore[arg-type]  # stands for a workspace
    assert there.asks_databases
    primer = Primer(there, WarmCommands())
    for _ in range(3):
        primer.asked({"on": ON})
    assert primer.is_done


class Untouched:
    """A source of layers that must not be asked."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


class Failing:
    """Workers that end every task in one way."""

    def __init__(self, office: World, state: Any) -> None:
        self._office = office
        self._state = state
        self._before = office.server.pool

    def __enter__(self) -> None:
        self._office.server.pool = self  # type: ignore[assignment]  # stands for the pool

    def __exit__(self, *_: object) -> None:
        self._office.server.pool = self._before

    def run(self, task: Task) -> Outcome:
        """Fail."""
        task.folder.mkdir(parents=True)
        return Outcome(self._state, -1, 1.0)


def found(office: World, place: str) -> Check:
    check = get_check(office.server, place.rpartition("/")[2])
    assert check is not None
    return check


SENTENCES = {
    "memory": "计算所需内存超过 3072 MB 的上限，已中止，没有得出结果；请缩小范围，或请管理员提高上限",
    "slow": "计算超过 60 秒的时限，已中止，没有得出结果；请缩小范围，或请管理员提高时限",
    "died": "计算程序意外中止，没有得出结果；请重试，若再次出现请告知管理员",
    "disk": "磁盘空间不足或超过上限，计算已中止，没有得出结果；请告知管理员",
}


def test_a_check_without_an_answer_is_kept_and_made_again_with_one_click(office: World) -> None:
    browser = office.client("reviewer")
    file = office.root / "examples" / "school.geojson"
    places = []
    for state, sentence in SENTENCES.items():
        with Failing(office, state):
            answer = browser.post("/check", files={"file": (file.name, file.read_bytes())})
        places.append(answer.headers["location"])
        check = found(office, places[-1])
        assert (check.state, check.answer, check.decision) == ("failed", None, "")
        assert (check.error or {})["zh"] == sentence
        assert sentence in browser.get(places[-1]).text
        assert not list(office.server.folder("checks").iterdir())
    place = places[-1]
    assert office.client("planner").post(f"{place}/again").status_code in (404, 403)
    assert office.client("viewer").post(f"{place}/again").status_code == 403
    again = browser.post(f"{place}/again")
    assert again.status_code == 303
    made = found(office, again.headers["location"])
    sha256 = found(office, place).request["sha256"]
    assert (made.state, made.decision, made.request["sha256"]) == ("done", "undetermined", sha256)


@pytest.mark.parametrize("address", ["/layers/prepared", "/layers/rivers/map"])
@pytest.mark.parametrize(("state", "status"), [("memory", 503), ("slow", 503), ("died", 503), ("disk", 507)])
def test_what_no_worker_could_tell_is_no_fault_of_the_one_who_asks(
    office: World, address: str, state: str, status: int
) -> None:
    with Failing(office, state):
        answer = office.client("viewer").get(address, headers={"accept": "application/json"})
    assert answer.status_code == status
    limit = {"/layers/prepared": 120, "/layers/rivers/map": 600}[address]
    assert answer.json()["detail"]["zh"] == SENTENCES[state].replace("60", str(limit))


def test_layers_whose_state_cannot_be_listed_are_the_servers_fault(office: World) -> None:
    with Failing(office, "done"):
        answer = office.client("viewer").get("/layers/prepared", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["detail"]["zh"]) == (
        503,
        "图层的预处理状态无法读出；请告知管理员，用 zoning layers prepare --list 查看原因",
    )


def test_a_check_that_a_server_did_not_finish_is_told_as_that(office: World) -> None:
    file = office.root / "examples" / "school.geojson"
    who = Who("reviewer", "", frozenset({"reviewer"}))
    check = run_check(office.server, who, file, on=office.server.today(), language="zh")
    with office.server.store.database.writing() as connection:
        connection.execute(update(StoredCheck).values(state="waiting", answer="", decision=""))
    assert end_interrupted_checks(office.server) == 1
    after = found(office, check)
    assert after.state == "failed"
    assert Text(**(after.error or {})) == Text(
        "检查过程中系统停止了，没有得出结果；请再检查一次",
        "the system was stopped during the check, which has no result: check again",
    )
