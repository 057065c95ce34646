"""What README.md and docs/ say can be done: every command is run as a reader would, every name is looked up.

Lines that call `make` are left out here: .ci/run calls them in a fresh copy of the repository.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from demo_mines.histories import TODAY
from demo_mines.parcels import demo_parcels
from demo_mines.rasters import write_rasters
from demo_mines.register import fill_register
from zoning.cli.app import app
from zoning.cli.register_workbook import LedgerBook, ledger_workbook
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types

PAGES = ("README.md", "CONTRIBUTING.md", "layers/README.md", "rules/README.md", "maps/README.md", "styles/README.md")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What the reader runs, and the files that he writes before: ```yaml title="name"; (+) adds to what is there.
STEP = re.compile(
    r'^```(?:sh|\w+ title="(?P<file>[^"]+?)(?P<more> \(\+\))?")\n(?P<content>.*?)^```', re.MULTILINE | re.DOTALL
)
PROGRAMS = ("zoning", "python3")
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)#]+)\)")
DONE = (0, 1, 3)


def pages(root: Path) -> dict[str, str]:
    found = [root / name for name in PAGES] + sorted((root / "docs").glob("*.md"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in found if path.is_file()}


def commands(text: str) -> list[str]:
    """Return the lines of all shell blocks that call `zoning`."""
    return [line for block in BLOCK.findall(text) for line in lines_to_run(block) if line.startswith("zoning ")]


def lines_to_run(block: str) -> list[str]:
    lines = [line.strip() for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.split(" ")[0] in PROGRAMS]


def steps(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a reader does, in order: a line to run, or a file to write ("w") or to add to ("a")."""
    for found in STEP.finditer(text):
        if found["file"]:
            yield "a" if found["more"] else "w", found["file"], found["content"]
        else:
            yield from (("run", line, "") for line in lines_to_run(found["content"]))


def command_tree() -> Iterator[tuple[str, Any]]:
    """Return all commands that do something, by their words."""
    waiting: list[tuple[str, Any]] = [("zoning", typer.main.get_command(app))]
    while waiting:
        words, command = waiting.pop()
        children = getattr(command, "commands", None)
        if children is None:
            yield words, command
        else:
            waiting.extend((f"{words} {name}", child) for name, child in children.items())


TREE = dict(command_tree())


def long_options(command: Any) -> set[str]:
    names = [name for option in command.params for name in (*option.opts, *option.secondary_opts)]
    return {name for name in names if name.startswith("--")} - {"--help"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, workspace_root: Path) -> Path:
    """Return a folder as a reader has it: the examples, and `zoning` among the programs."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(workspace_root / "examples", folder / "examples")
    # What the reader brings along: the list of an authority, here of one unit.
    rows = (
        "环境管控单元编码,单元名称,空间布局约束,污染物排放管控\n"
        "ZH14052220001,示例单元,1. 禁止新建焦化项目。2. 入园,达标排放\n"
    )
    (folder / "qindan.csv").write_bytes(rows.encode("gb18030"))
    make_mines(folder / "演示矿山", workspace_root)
    programs = folder.with_name(f"{folder.name}-bin")
    programs.mkdir()
    program = programs / "zoning"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m zoning "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


def make_mines(folder: Path, workspace_root: Path) -> None:
    """Write what a restoration team brings along: a ledger of twenty parcels and rasters of their district."""
    folder.mkdir()
    types = read_register_types(workspace_root)
    parcels = [parcel for parcel in demo_parcels() if parcel.territory == "140502"][:20]
    with open_store(str(folder / "made.sqlite"), types, create=True) as store:
        fill_register(store, parcels, pictures=False)
        records = tuple(store.register("mine-parcels").records())
    content, _ = ledger_workbook(LedgerBook(types["mine-parcels"], records, TODAY, "zh"))
    (folder / "台账.xlsx").write_bytes(content)
    write_rasters(folder, parcels)


def call(line: str, desk: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZONING_")}
    environ["PATH"] = f"{desk.with_name(f'{desk.name}-bin')}{os.pathsep}{environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", line],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=desk,
        env=environ,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_every_command_of_every_page_runs_one_after_the_other(repository_root: Path, desk: Path) -> None:
    run = 0
    seen: set[str] = set()
    for page, text in pages(repository_root).items():
        for kind, line, content in steps(text):
            # Both languages of a page may show the same command or file: they say the same twice.
            if line + content in seen:
                continue
            seen.add(line + content)
            if kind != "run":
                (desk / line).parent.mkdir(parents=True, exist_ok=True)
                with (desk / line).open(kind, encoding="utf-8") as file:
                    file.write(content)
                continue
            done = call(line, desk)
            assert done.returncode in DONE, f"{page}: {line}\n{done.stderr}"
            assert "Traceback" not in done.stderr, f"{page}: {line}"
            run += 1
    assert run >= 12


def test_the_replay_of_the_readme_gives_the_same_bytes(repository_root: Path, desk: Path) -> None:
    lines = commands(pages(repository_root)["README.md"])
    first = next(number for number, line in enumerate(lines) if "verdict.json" in line)
    assert "--replay" in lines[first + 1]
    call(lines[first], desk)
    assert call(lines[first + 1], desk).returncode == 0


def test_pages_hold_only_blocks_that_are_run_or_named_otherwise(repository_root: Path) -> None:
    for page, text in pages(repository_root).items():
        opening = re.findall(r"^```(.*)$", text, re.MULTILINE)[::2]
        assert all(opening), f"{page}: a block without the name of its language"
        for block in BLOCK.findall(text):
            for line in block.splitlines():
                words = line.split("#")[0].split()
                assert not words or words[0] in (*PROGRAMS, "make", "git", "scripts/check"), f"{page}: {line}"


def test_targets_of_make_exist(repository_root: Path) -> None:
    makefile = (repository_root / "Makefile").read_text(encoding="utf-8")
    for page, text in pages(repository_root).items():
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"


def test_links_lead_somewhere(repository_root: Path) -> None:
    for page, text in pages(repository_root).items():
        for target in LINK.findall(text):
            if "://" not in target:
                assert ((repository_root / page).parent / target).exists(), f"{page}: {target}"


def test_commands_and_options_that_are_named_exist(repository_root: Path) -> None:
    known = set().union(*(long_options(command) for command in TREE.values())) | {"--help"}
    beginnings = {" ".join(words.split()[:n]) for words in TREE for n in (1, 2, 3)}
    for page in ("README.md", "docs/commands.md"):
        text = pages(repository_root)[page]
        spans = [*INLINE.findall(text), *commands(text)]
        for span in spans:
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", span):
                assert option in known, f"{page}: {option}"
            if re.match(r"zoning [a-z]", span):
                words = span.split()
                named = " ".join(words[: 3 if words[1] in ("layers", "rules", "plan", "register", "mines") else 2])
                assert named in beginnings, f"{page}: {span}"


def test_files_that_the_readme_names_exist(repository_root: Path, desk: Path) -> None:
    text = pages(repository_root)["README.md"]
    made = {"out/", "my-county", ".venv/", ".venv/bin/zoning", "verdict.json"}
    for span in INLINE.findall(text):
        if re.fullmatch(r"[\w./-]+", span) and ("/" in span or span.endswith((".yaml", ".md"))):
            assert span in made or (repository_root / span).exists() or (desk / span).exists(), span


@pytest.mark.parametrize("words", sorted(TREE))
def test_every_command_has_its_section_with_all_its_options(repository_root: Path, words: str) -> None:
    sections = re.split(r"^## ", pages(repository_root)["docs/commands.md"], flags=re.MULTILINE)
    section = next((part for part in sections if part.splitlines()[0] == words), None)
    assert section is not None, f"docs/commands.md has no section '{words}'"
    for option in long_options(TREE[words]):
        assert f"`{option}`" in section, f"{words} {option}"


def test_the_page_of_commands_names_every_exit_code(repository_root: Path) -> None:
    from zoning import cli, errors

    text = pages(repository_root)["docs/commands.md"]
    classes = [value for value in vars(errors).values() if isinstance(value, type) and hasattr(value, "exit_code")]
    codes = {*DONE, cli.FAULT, cli.INTERRUPTED, cli.READER_LEFT, *(found.exit_code for found in classes)}
    for code in codes:
        assert re.search(rf"(?:: |· |^){code} ", text, re.MULTILINE), code
