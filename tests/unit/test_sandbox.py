"""Reading in a worker: the same footprints and refusals as without, and one sentence whatever becomes of the worker."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import shapely

import boundary_writers as bw
from command_process import run_zoning
from zoning.errors import CRSError, SiteError, UsageError, ZoningError
from zoning.sites import Limits, Repair, Site, read_sites, sandbox, worker
from zoning.sites.answer_lines import BrokenAnswerError, read_answer, site_lines
from zoning.sites.limits import Options
from zoning.sites.reading import read_file
from zoning.sites.sandbox import read_sites_sandboxed
from zoning.texts import Text

EXAMPLES = Path(__file__).parents[2] / "examples"
DIED = (
    "{0}：读取程序意外中止（代码 {1}，可能超出 1024 MB 内存或文件有害）；请重新导出，或用 --limit memory_mb=… 提高上限"
)
TOO_SLOW = "{0}：读取超过 1 秒仍未完成，已中止；请只导出项目范围，或用 --limit seconds=… 提高上限"
TOO_LARGE = "{0}：读取所需的内存超过 {1} MB，已中止；请只导出项目范围，或用 --limit memory_mb=… 提高上限"


@pytest.fixture
def taken_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let a worker run that does what the name of its file says; return a folder for temporary files."""
    monkeypatch.setattr(sandbox, "_WORKER", "bad_worker")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(SiteError) as caught:
        read_sites_sandboxed(path, Options(**options))
    return caught.value.get("zh")


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.suffix != ".yaml"))
def test_the_same_footprints_come_out(name: str) -> None:
    options: dict[str, Any] = {"expected": bw.EXPECTED, "width_m": 8.0 if name.endswith(".kml") else None}
    assert read_sites_sandboxed(EXAMPLES / name, Options(**options)) == read_sites(EXAMPLES / name, **options)


def test_a_path_is_relative_to_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bw.write(tmp_path / "a.kml", bw.kml(bw.placemark([bw.SQUARE])))
    monkeypatch.chdir(tmp_path)
    assert read_sites_sandboxed(Path("a.kml"), Options(expected=bw.EXPECTED))[0].source == "a.kml"


@pytest.mark.parametrize(
    ("error", "options"),
    [(SiteError, {}), (CRSError, {"crs": "EPSG:2362"}), (UsageError, {"layer": "x"}), (UsageError, {"width_m": -1.0})],
)
def test_the_same_refusals_come_out(error: type[ZoningError], options: dict[str, Any], tmp_path: Path) -> None:
    empty = bw.kml() if error is SiteError else bw.kml(bw.placemark([bw.SQUARE]))
    path = bw.write(tmp_path / "a.kml", empty)
    caught = []
    for read in (read_file, read_sites_sandboxed):
        with pytest.raises(error) as refused:
            read(path, Options(expected=bw.EXPECTED, **options))
        caught.append((type(refused.value), refused.value.text))
    assert caught[0] == caught[1]


def test_every_field_survives_the_lines() -> None:
    site = Site(
        "1\n",
        "n\udc80㎡",
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])]),
        "EPSG:4490",
        "f\udcff.txt",
        width_m=float("inf"),
        stated_points=5,
        repairs=(Repair("k", 1, 0.1, Text("甲", "b")),),
        warnings=(Text("乙", "c"),),
        attributes={"a": "b", "": ""},
        conversion=Text("x", "y"),
    )
    assert read_answer(io.BytesIO(b"".join(site_lines((site, site))))) == (site, site)


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"[]",
        b"{}",
        b'{"sites": 1}\n',
        b'{"sites": "x"}\n',
        b'{"sites": 1}\n{"id": 1}\nAAAA\n',
        b'{"sites": 1}\n{"colour": "red"}\nAAAA\n',
        b'{"sites": 1}\n{"warnings": [{"zh": "a"}]}\nAAAA\n',
        b'{"sites": 1}\n{"id": "1", "name": "a", "crs": "x", "source": "y"}\n!!!!\n',
        b'{"sites": 1}\n{"id": "1", "name": "a", "crs": "x", "source": "y"}\nAAAA\n',
        b'{"error": "SystemExit", "zh": "a", "en": "b"}\n',
        b"\xff\xfe\n",
    ],
)
def test_lines_that_no_worker_writes(lines: bytes) -> None:
    with pytest.raises(BrokenAnswerError):
        read_answer(io.BytesIO(lines))


def test_a_fault_of_the_program_stays_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def faulty(*_: Any, **__: Any) -> None:
        raise KeyError("a")

    monkeypatch.setattr("zoning.sites.reading.read_file", faulty)
    answer = io.BytesIO()
    worker.respond(request(tmp_path / "a.kml"), answer)
    answer.seek(0)
    with pytest.raises(RuntimeError, match="KeyError"):
        read_answer(answer)


def test_no_memory_in_the_middle_of_an_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken_off(_: object) -> Any:
        yield b'{"sites": 1}\n'
        raise MemoryError

    monkeypatch.setattr("zoning.sites.answer_lines.site_lines", broken_off)
    answer = io.BytesIO()
    worker.respond(request(bw.write(tmp_path / "a.kml", bw.kml(bw.placemark([bw.SQUARE])))), answer)
    assert answer.getvalue() == b'{"memory": true}\n'


def request(path: Path) -> dict[str, Any]:
    names = ("expected", "width_m", "radius_m", "area_m2", "encoding", "crs", "layer", "datum_shift")
    return {"path": str(path), "options": {**dict.fromkeys(names), "limits": asdict(Limits())}}


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("be_killed", -signal.SIGKILL),
        ("abort", -signal.SIGABRT),
        ("crash", -signal.SIGSEGV),
        ("say_nothing", 0),
        ("say_nonsense", 0),
    ],
)
def test_a_worker_that_dies_or_lies(taken_over: Path, what: str, code: int) -> None:
    assert refusal(Path(f"{what}.kml")) == DIED.format(f"{what}.kml", code)
    assert list(taken_over.iterdir()) == []


@pytest.mark.parametrize("what", ["hang", "spin"])
def test_a_worker_that_takes_too_long(taken_over: Path, what: str) -> None:
    assert refusal(Path(f"{what}.kml"), limits=Limits(seconds=1)) == TOO_SLOW.format(f"{what}.kml")
    assert list(taken_over.iterdir()) == []


def test_an_answer_without_end(taken_over: Path) -> None:
    limits = Limits(unpacked_bytes=5_000_000, file_bytes=5_000_000)
    assert refusal(Path("flood.kml"), limits=limits) == DIED.format("flood.kml", 1)
    assert list(taken_over.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not limit memory")
def test_a_worker_that_takes_all_memory(taken_over: Path) -> None:
    assert refusal(Path("eat.kml"), limits=Limits(memory_mb=400)) == TOO_LARGE.format("eat.kml", 400)
    assert list(taken_over.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not limit memory")
def test_a_file_that_takes_too_much_memory(tmp_path: Path) -> None:
    long = bw.geojson(bw.polygon([bw.SQUARE]), properties={"name": "x" * 60_000_000})
    path = bw.write(tmp_path / "a.geojson", long)
    assert refusal(path, limits=Limits(memory_mb=300)) == TOO_LARGE.format("a.geojson", 300)


def test_what_a_worker_started_ends_with_it(taken_over: Path) -> None:
    path = taken_over / "start_another.kml"
    refusal(path, limits=Limits(seconds=1))
    number = int(path.with_suffix(".pid").read_text(encoding="ascii"))
    assert gone(number)


def test_a_worker_ends_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from zoning.sites import sandbox; sandbox._WORKER = 'bad_worker'; "
        "from zoning.sites.limits import Options; "
        f"sandbox.read_sites_sandboxed(Path({str(tmp_path / 'start_another.kml')!r}), Options())"
    )
    support = str(Path(__file__).parents[1] / "support")
    parent = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": support})
    pid = tmp_path / "start_another.pid"
    wait_for(pid.exists)
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    numbers = [int(number) for number in children.read_text(encoding="ascii").split()] if children.exists() else []
    parent.kill()
    parent.wait()
    assert all(gone(number) for number in numbers)
    os.kill(int(pid.read_text(encoding="ascii")), signal.SIGKILL)


def gone(number: int) -> bool:
    def ended() -> bool:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{number}/stat")
        return status.exists() and status.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"

    return wait_for(ended)


def wait_for(done: Any) -> bool:
    for _ in range(200):
        if done():
            return True
        time.sleep(0.05)
    return False


def test_a_worker_knows_no_secrets(taken_over: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    names = set(refusal(taken_over / "tell_environment.kml").split())
    assert not names & {"SECRET_TOKEN", "HOME", "USER", "PATH"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux takes the network away")
def test_a_worker_has_no_network(taken_over: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        network, reached = refusal(taken_over / f"call.{server.getsockname()[1]}").split()
    if network == str(Path("/proc/self/ns/net").readlink()):
        pytest.skip("this system does not permit a network of one's own")
    assert reached == "alone"


def test_the_command_reads_in_a_worker(tmp_path: Path) -> None:
    path = bw.write(tmp_path / "a.kml", bw.kml(bw.placemark([bw.SQUARE])))
    done = run_zoning("check", path, "--sandbox", "--limit", "vertices=3", "--lang", "en", cwd=EXAMPLES.parent)
    assert done.returncode == 10
    assert done.stderr == (
        "zoning: a.kml: it holds more than the allowed 3 vertices; export the footprint alone, or raise the limit with "
        "--limit vertices=…\n"
    )
    assert json.dumps(done.stdout) == '""'
