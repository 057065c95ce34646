"""`zoning layers prepare` as a user runs it, and the folder that it writes to."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import tiny_workspace
from zoning.cli.prepare import PrepareRequest, run_prepare
from zoning.cli.prepared_folder import prepared_folder
from zoning.cli.session import Session
from zoning.errors import ZoningError
from zoning.texts import Language
from zoning.workspace import PACKAGE, copy_workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


Run = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Return the command, called in this process: starting another one takes most of a second."""

    def called(*layers: str, lang: Language = "en", as_json: bool = False, w: Path = root, **options: Any) -> Done:
        environ = {"XDG_CACHE_HOME": str(root / "cache"), **options.pop("environ", {})}
        request = PrepareRequest(layers, w, options.pop("on", None), **options)
        try:
            code = run_prepare(Session(lang, environ), request, as_json=as_json)
        except ZoningError as error:
            return Done(error.exit_code, "", f"zoning: {error.get(lang)}\n")
        return Done(code, *capsys.readouterr())

    return called


def entries(done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_the_command_line(root: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "zoning",
        "layers",
        "prepare",
        "water",
        "--workspace",
        str(root),
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)
    assert (entry["layer"], entry["state"], entry["zones"]) == ("water", "built", 2)


def test_build_list_verify_clear(root: Path, run: Run) -> None:
    done = run(as_json=True)
    assert done.returncode == 0, done.stderr
    built = entries(done)
    assert [(entry["layer"], entry["edition"], entry["territory_edition"]) for entry in built] == [
        ("farmland", "2020", "2020"),
        ("territory", "2020", None),
        ("water", "2020", "2020"),
    ]
    for entry in built:
        assert (entry["state"], entry["reason"]) == ("built", None)
        assert Path(entry["file"]).parent == root / ".prepared"
        assert Path(entry["file"]).stat().st_size == entry["bytes"]
    assert done.stderr.splitlines()[-1] == f"ready: 3, refused: 0; in {root / '.prepared'}"
    assert done.stderr.startswith("farmland 2020: 1 zones, ")
    again = run("water", verify=True, lang="zh")
    assert [line.split()[:4] for line in again.stdout.splitlines()] == [
        ["图层", "版本", "状态", "区数"],
        ["water", "2020", "现行", "2"],
    ]
    assert again.stderr == f"water 2020：现行\n1 个可用，0 个不能预处理；位于 {root / '.prepared'}\n"
    (root / "layers/data/farmland.geojson").unlink()
    listed = run(listed=True, as_json=True)
    assert {entry["layer"]: entry["state"] for entry in entries(listed)} == {
        "farmland": "stale",
        "territory": "current",
        "water": "current",
    }
    cleared = run(clear=True)
    assert (cleared.returncode, cleared.stdout) == (0, "")
    assert cleared.stderr == f"prepared layers removed: 3 ({root / '.prepared'})\n"
    assert not (root / ".prepared").exists()


def test_the_exit_code_is_that_of_the_first_layer_that_cannot_be_used(root: Path, run: Run) -> None:
    (root / "layers/data/farmland.geojson").unlink()
    done = run()
    assert done.returncode == 11
    assert "farmland 2020: refused: file not found: farmland.geojson" in done.stderr
    # The others are there all the same.
    assert done.stderr.endswith(f"ready: 2, refused: 1; in {root / '.prepared'}\n")
    path = root / "layers/territory.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("EPSG:4490", "EPSG:9999999"), encoding="utf-8")
    assert run("territory").returncode == 12


def test_a_day_without_editions(run: Run) -> None:
    done = run("water", on="2019-12-31", lang="zh")
    assert (done.returncode, "没有在 2019-12-31 有效的版本" in done.stderr) == (11, True)


@pytest.mark.parametrize(
    ("layers", "options", "said"),
    [
        (("waters",), {}, "zoning: there is no layer 'waters' - did you mean 'water'?\n"),
        ((), {"on": "today"}, "zoning: --on: 'today' is no date; write it like 2026-11-22\n"),
        ((), {"listed": True, "clear": True}, "zoning: use either --list or --clear\n"),
        (
            ("water",),
            {"clear": True},
            "zoning: --list and --clear concern all prepared layers: leave out layer names, --on and --verify\n",
        ),
    ],
)
def test_wrong_calls(root: Path, run: Run, layers: tuple[str, ...], options: dict[str, Any], said: str) -> None:
    done = run(*layers, **options)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert not (root / ".prepared").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(root: Path, run: Run) -> None:
    (root / "file").write_text("mine", encoding="utf-8")
    done = run(lang="zh", environ={"ZONING_PREPARED": str(root / "file")})
    assert (done.returncode, done.stdout) == (10, "")
    assert done.stderr == (
        f"zoning: {prepared_folder(root, {'ZONING_PREPARED': str(root / 'file')})}：预处理图层写入失败"
        "（路径中有一段不是文件夹）；没有留下不完整的文件，核查仍可直接读取图层文件；"
        "请腾出空间或更正权限后重新运行 zoning layers prepare\n"
    )
    assert (root / "file").read_text(encoding="utf-8") == "mine"


def test_something_else_in_the_place_of_the_folder_is_left_alone(root: Path, run: Run) -> None:
    (root / ".prepared").write_text("mine", encoding="utf-8")
    done = run()
    assert done.returncode in {0, 10}
    assert (root / ".prepared").read_text(encoding="utf-8") == "mine"


def test_the_folder_keeps_itself_out_of_version_control_and_of_copies(root: Path, run: Run, tmp_path: Path) -> None:
    run()
    assert (root / ".prepared/.gitignore").read_text(encoding="utf-8") == "*\n"
    copy_workspace(root, tmp_path / "copy")
    assert not (tmp_path / "copy/.prepared").exists()


def test_a_copy_with_its_prepared_layers_can_use_them(root: Path, run: Run, tmp_path: Path) -> None:
    run()
    shutil.copytree(root, tmp_path / "copy")
    assert {entry["state"] for entry in entries(run(w=tmp_path / "copy", as_json=True))} == {"current"}


# --- where it lies -------------------------------------------------------------------------------------------------


def test_in_the_workspace_where_that_can_be_written(root: Path) -> None:
    assert prepared_folder(root, {"HOME": "/nobody"}) == root / ".prepared"
    assert prepared_folder(root, {}, writing=True) == root / ".prepared"


def test_the_built_in_workspace_of_a_package_is_prepared_in_the_cache(tmp_path: Path) -> None:
    builtin = PACKAGE / "builtin"
    own = prepared_folder(builtin, {"XDG_CACHE_HOME": str(tmp_path)})
    assert own.parent == tmp_path / "zoning" / "prepared"
    # A relative path there is to be ignored, says the specification.
    for environ in ({"HOME": str(tmp_path)}, {"HOME": str(tmp_path), "XDG_CACHE_HOME": "cache"}):
        assert prepared_folder(builtin, environ) == tmp_path / ".cache" / "zoning" / "prepared" / own.name


def test_another_folder_can_be_named(root: Path, run: Run, tmp_path: Path) -> None:
    environ = {"ZONING_PREPARED": str(tmp_path / "p")}
    folder = prepared_folder(root, environ)
    assert folder.parent == tmp_path / "p"
    assert prepared_folder(tmp_path, environ) != folder
    done = run(as_json=True, environ=environ)
    assert {Path(entry["file"]).parent for entry in entries(done)} == {folder}
    assert not (root / ".prepared").exists()


def test_a_workspace_that_cannot_be_written(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may only read uses what others have prepared, until he has prepared it for himself."""
    environ = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert prepared_folder(root, environ) == root / ".prepared"
    mine = prepared_folder(root, environ, writing=True)
    assert mine.parent == tmp_path / "cache" / "zoning" / "prepared"
    mine.mkdir(parents=True)
    assert prepared_folder(root, environ) == mine
