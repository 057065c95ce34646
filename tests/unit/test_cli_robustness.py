"""The command line under an adversary: no traceback, no half file, and never an exit code that means another answer."""

import contextlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tiny_workspace
from command_process import run_zoning
from long_runs import times

IN_LEVEL_1 = (112.404, 35.504, 112.405, 35.505)
NEW = ("--set", "construction=new", "--on", "2026-06-01")
COMMAND = (sys.executable, "-m", "zoning")
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"\x1b[2J\x07\r\n{SCRIPT}../../etc/passwd\u202e[bold]"


def environ(**more: str) -> dict[str, str]:
    return {**os.environ, "ZONING_LANG": "en", **more}


def run(*arguments: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return run_zoning(*arguments, cwd=cwd, **more)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tiny_workspace.build(tmp_path / "w")
    tiny_workspace.site_file(folder / "site.geojson", IN_LEVEL_1)
    return folder


def shown(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def assert_whole(folder: Path) -> None:
    for name in shown(folder):
        text = (folder / name).read_text(encoding="utf-8")
        if name.endswith(".json"):
            json.loads(text)
        else:
            assert text.rstrip().endswith("</html>"), name


# --- where to write ---


def test_a_folder_that_cannot_be_made_is_one_sentence(root: Path) -> None:
    (root / "file").write_text("mine", encoding="utf-8")
    for target in ("file", "file/below"):
        done = run("map", "site.geojson", "--out", target, cwd=root)
        assert (done.returncode, done.stdout) == (10, "")
        assert done.stderr.startswith(f"zoning: {target}/site.html: cannot be written (")
        assert done.stderr.endswith("; what was there is unchanged\n")
    assert (root / "file").read_text(encoding="utf-8") == "mine"
    chinese = run("map", "site.geojson", "--out", "file", "--lang", "zh", cwd=root)
    assert chinese.stderr == "zoning: file/site.html：写入失败（同名文件已存在）；原有文件未改动\n"


def test_a_full_disk_leaves_the_old_file_and_no_part_of_the_new_one(root: Path) -> None:
    out = root / "out"
    out.mkdir()
    (out / "site.html").write_text("<html>old</html>", encoding="utf-8")

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    # The records of the coverage measurement are larger than the limit: they would be what fails.
    unmeasured = {k: v for k, v in environ(PYTHONDONTWRITEBYTECODE="1").items() if not k.startswith("COVERAGE_")}
    done = subprocess.run(
        [*COMMAND, "map", "site.geojson"],
        capture_output=True,
        text=True,
        cwd=root,
        env=unmeasured,
        preexec_fn=small_files,
        check=False,
    )
    assert (done.returncode, done.stdout) == (10, "")
    assert done.stderr == "zoning: out/site.html: cannot be written (File too large); what was there is unchanged\n"
    assert (out / "site.html").read_text(encoding="utf-8") == "<html>old</html>"
    assert [path.name for path in out.iterdir()] == ["site.html"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full: a Linux system")
@pytest.mark.parametrize("arguments", [["check", "site.geojson"], ["check", "site.geojson", "--format", "json"]])
def test_standard_output_on_a_full_disk_is_an_error_and_no_verdict(root: Path, arguments: list[str]) -> None:
    command = [*COMMAND, *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=root, env=environ(), check=False)
    assert done.returncode == 10
    assert done.stderr.decode() == "zoning: standard output cannot be written: No space left on device\n"


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_reader_that_leaves_is_no_answer(root: Path, form: str) -> None:
    process = subprocess.Popen(
        [*COMMAND, "check", "site.geojson", *NEW, "--format", form],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root,
        env=environ(),
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    complaint = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), complaint) == (141, b"")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_streams_that_were_closed_before_the_start_change_no_answer(root: Path, closed: str) -> None:
    line = f'"$0" -m zoning check site.geojson {" ".join(NEW)} --out out {closed}'
    done = subprocess.run(["sh", "-c", line, sys.executable], capture_output=True, cwd=root, env=environ(), check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert shown(root / "out") == ["site.html", "site.json"]


# --- interrupted, killed, two at once ---


def waits_for_its_facts(process: "subprocess.Popen[bytes]") -> bool:
    """Tell whether a command has opened its standard input a second time, as /dev/stdin."""
    files = Path(f"/proc/{process.pid}/fd")
    opened = []
    for one in files.iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            opened.append(one.readlink())
    return opened.count((files / "0").readlink()) > 1


def test_an_interrupt_is_one_word_and_130(root: Path) -> None:
    command = [*COMMAND, "check", "--facts", "/dev/stdin", "site.geojson", "--out", "out"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root, env=environ()
    )
    # Before that Python itself may not be ready to be interrupted; it cannot be done before its facts have come.
    while not waits_for_its_facts(process):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (130, b"", b"zoning: interrupted\n")
    assert not (root / "out").exists()


def test_killed_at_any_moment_every_file_is_whole(root: Path) -> None:
    command = [*COMMAND, "check", "site.geojson", "--out", "out"]

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=root, env=environ())

    started = time.monotonic()
    assert start().wait() == 3
    whole = time.monotonic() - started
    chance = random.Random(7)  # noqa: S311 - the same on every run
    for _ in range(times(3, 6)):
        process = start()
        time.sleep(whole * chance.uniform(0.5, 1.0))
        process.kill()
        process.wait()
        assert_whole(root / "out")
    again = run("check", "site.geojson", "--out", "out", cwd=root)
    assert again.returncode == 3
    assert shown(root / "out") == ["site.html", "site.json"]


def test_two_writers_into_one_folder(root: Path) -> None:
    command = [*COMMAND, "check", "site.geojson", *NEW, "--out", "out"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=root, env=environ()) for _ in range(2)]
    assert [process.wait() for process in both] == [1, 1]
    assert shown(root / "out") == ["site.html", "site.json"]
    assert_whole(root / "out")
    assert [path.name for path in (root / "out").iterdir() if path.name.startswith(".")] == []


# --- hostile files ---

_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (_BOMB.encode(), "facts.yaml:2: YAML aliases (*) are not read: write it out"),
        (b"a: " + b"[" * 200_000, "facts.yaml:1: nested deeper than 40 levels"),
        (b"a: " + b"[" * 3_000 + b"]" * 3_000, "facts.yaml:1: nested deeper than 40 levels"),
        (b"- " * 5_000 + b"a", "facts.yaml:1: nested deeper than 40 levels"),
        (b"construction: new\n" * 300_000, "facts.yaml:1: larger than 4 MB: this is no settings file"),
        (bytes(range(256)), "facts.yaml:1: cannot be read (not UTF-8)"),
        (b"construction: \x00", "facts.yaml:1: an invisible control character"),
        (b"? [a, b]\n: new\n", "facts.yaml:1: a key is one word"),
        (b"a: 1\n---\nb: 2\n", "facts.yaml:2: something else begins at the '---' of this line"),
        (b"- new\n", "facts.yaml: a table 'fact: value' is expected"),
        (b"sites: [new]\n", "facts.yaml: a table 'fact: value' is expected"),
        (b"construction: {new: yes}\n", "facts.yaml: '"),
    ],
)
def test_a_facts_file_that_is_none(root: Path, content: bytes, sentence: str) -> None:
    (root / "facts.yaml").write_bytes(content)
    done = run("check", "site.geojson", "--facts", "facts.yaml", cwd=root)
    assert (done.returncode, done.stdout) == (10, "")
    assert done.stderr.startswith(f"zoning: {sentence}")
    assert len(done.stderr) < 400


def test_facts_from_a_folder_a_device_and_a_pipe(root: Path) -> None:
    folder = run("check", "site.geojson", "--facts", ".", cwd=root)
    assert (folder.returncode, folder.stderr) == (10, "zoning: .:1: cannot be read (Is a directory)\n")
    endless = run("check", "site.geojson", "--facts", "/dev/zero", cwd=root)
    assert "larger than 4 MB" in endless.stderr
    line = 'printf "construction: new" | "$0" -m zoning check site.geojson --facts /dev/stdin'
    done = subprocess.run(["sh", "-c", line, sys.executable], capture_output=True, cwd=root, env=environ(), check=False)
    assert done.returncode == 1


@pytest.mark.parametrize("content", [b"[" * 200_000, b"\xff\xfe", b"", b"{}", b"[]", b"3", b'["x"]'])
def test_a_verdict_to_replay_that_is_none(root: Path, content: bytes) -> None:
    (root / "verdict.json").write_bytes(content)
    done = run("check", "--replay", "verdict.json", cwd=root)
    assert (done.returncode, done.stdout) == (10, "")
    assert done.stderr.startswith("zoning: verdict.json: no ")
    assert done.stderr.count("\n") == 1


def test_a_mark_that_windows_editors_write_is_no_part_of_the_first_key(root: Path) -> None:
    (root / "facts.yaml").write_bytes(b"\xef\xbb\xbfconstruction: new\r\n")
    assert run("check", "site.geojson", "--facts", "facts.yaml", cwd=root).returncode == 1


@pytest.mark.parametrize("key", ["title", "latitude", "territory_layer", "search_distance", "tolerance", "notice"])
def test_each_key_that_zoning_yaml_lacks_is_named(root: Path, key: str) -> None:
    path = root / "zoning.yaml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(f"{key}:")]
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run("check", "site.geojson", cwd=root)
    assert (done.returncode, done.stderr) == (10, f"zoning: {root}/zoning.yaml:1: '{key}' is missing: add it\n")


@pytest.mark.parametrize("folder", ["rules", "layers"])
def test_a_folder_that_a_workspace_lacks_is_named(root: Path, folder: str) -> None:
    (root / folder).rename(root / "elsewhere")
    done = run("check", "site.geojson", cwd=root)
    assert done.returncode == 10
    assert f"{root}/{folder}" in done.stderr
    assert done.stderr.count("\n") == 1


# --- hostile names ---


def named(path: Path, *names: str) -> Path:
    features = [
        {"type": "Feature", "properties": {"id": name, "name": name}, "geometry": tiny_workspace.polygon(IN_LEVEL_1)}
        for name in names
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_a_hostile_name_reaches_neither_terminal_nor_page(root: Path) -> None:
    named(root / "site.geojson", HOSTILE)
    done = run("check", "site.geojson", *NEW, "--out", "out", cwd=root)
    assert done.returncode == 1
    assert not [letter for letter in done.stdout if ord(letter) < 32 and letter != "\n"]
    assert "\u202e" not in done.stdout
    page = (root / "out" / "site.html").read_text(encoding="utf-8")
    assert SCRIPT not in page
    assert "alert(1)" in page


def test_names_stay_in_the_folder_and_files_keep_a_length_that_disks_allow(root: Path) -> None:
    named(root / "site.geojson", "../../" + "长" * 300, "a/b", "a\\b", "/etc/x", ".", "")
    done = run("map", "site.geojson", cwd=root)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 6
    assert len(shown(root / "out")) == 6
    assert all(len(name.encode()) < 200 for name in shown(root / "out"))
    assert {path.name for path in root.parent.iterdir()} == {"w"}


def test_a_long_name_does_not_fill_the_terminal(root: Path) -> None:
    named(root / "site.geojson", "很" * 5_000)
    first = run("check", "site.geojson", *NEW, cwd=root).stdout.splitlines()
    assert first[0].startswith("× prohibited   很很")
    assert len("\n".join(first)) < 3_000


# --- languages, places, other programs ---


def test_an_unknown_language_is_wrong_usage(root: Path) -> None:
    done = run("check", "site.geojson", "--lang", "xx", cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'xx'" in done.stderr
    assert "Invalid value" in done.stderr or "--lang" in done.stderr


@pytest.mark.parametrize(
    ("locale", "command"),
    [
        (locale, command)
        for row, locale in enumerate(({"LC_ALL": "C"}, {"PYTHONIOENCODING": "gbk"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}))
        for column, command in enumerate(
            (["map", "site.geojson"], ["layers", "list"], ["rules", "show", "R042"], ["-h"])
        )
        # Each console once and each command once; all pairs in the long form.
        if (row + column) % 3 == 0 or times(0, 1)
    ],
)
def test_no_command_stumbles_over_the_encoding_of_a_console(
    root: Path, locale: dict[str, str], command: list[str]
) -> None:
    env = environ(ZONING_LANG="zh", **locale)
    done = subprocess.run([*COMMAND, *command], capture_output=True, cwd=root, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_names_with_spaces_and_chinese_links_and_relative_paths(tmp_path: Path) -> None:
    root = tiny_workspace.build(tmp_path / "某县 工作 空间")
    tiny_workspace.site_file(root / "地块 一.geojson", IN_LEVEL_1)
    (tmp_path / "link").symlink_to(root, target_is_directory=True)
    (tmp_path / "site.geojson").symlink_to(root / "地块 一.geojson")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    direct = run("check", root / "地块 一.geojson", *NEW, "--format", "json", cwd=root)
    assert direct.returncode == 1
    for site, workspace, cwd in (
        ("地块 一.geojson", ".", root),
        ("../../某县 工作 空间/地块 一.geojson", "../../link", tmp_path / "deep" / "er"),
        ("./link/地块 一.geojson", "link/", tmp_path),
    ):
        done = run("check", site, *NEW, "--format", "json", "--workspace", workspace, cwd=cwd)
        assert (done.returncode, done.stderr, done.stdout) == (1, "", direct.stdout)
    linked = run("map", "site.geojson", "--workspace", "link", "--out", "出 图", cwd=tmp_path)
    assert (linked.returncode, linked.stdout) == (0, "出 图/site.html\n")


def test_a_check_writes_nothing_where_it_is_called(root: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    here.chmod(0o555)
    before = sorted(root.rglob("*"))
    assert run("check", root / "site.geojson", "--workspace", root, *NEW, cwd=here).returncode == 1
    assert list(here.iterdir()) == []
    assert sorted(root.rglob("*")) == before


def test_the_projections_of_another_program_are_put_aside(root: Path, tmp_path: Path) -> None:
    plain = run("check", "site.geojson", *NEW, "--format", "json", cwd=root)
    (tmp_path / "proj.db").write_bytes(b"of another version")
    foreign = run(
        "check", "site.geojson", *NEW, "--format", "json", cwd=root, PROJ_LIB=str(tmp_path), PROJ_DATA=str(tmp_path)
    )
    assert (foreign.returncode, foreign.stdout) == (plain.returncode, plain.stdout)


# --- a workspace without styles and maps ---


def test_layers_without_a_style_are_drawn_in_the_neutral_one_and_the_legend_says_so(root: Path) -> None:
    (root / "styles").rmdir()
    (root / "maps").rmdir()
    assert run("map", "site.geojson", cwd=root).returncode == 0
    page = (root / "out" / "site.html").read_text(encoding="utf-8")
    assert "grey, dashed: the class has no style of its own" in page
    assert 'data-key="water/level-1"' in page


def test_a_style_of_the_workspace_wins_over_the_neutral_one(root: Path) -> None:
    one = '{fill: "#ABCDEF", fill_opacity: 0.5, outline: "#123456", width: 1}'
    for layer, classes in (("water", ("level-1", "level-2")), ("territory", ("county",)), ("farmland", ("field",))):
        lines = ["order: 5", "classes:", *(f"  {name}: {one}" for name in classes)]
        (root / "styles" / f"{layer}.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert run("map", "site.geojson", cwd=root).returncode == 0
    page = (root / "out" / "site.html").read_text(encoding="utf-8")
    assert "#ABCDEF" in page
    assert "no style of its own" not in page
