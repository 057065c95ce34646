"""What README.md and docs/ show to be run, and the desk of a reader who runs it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from demo_mines.histories import TODAY
from demo_mines.parcels import parcels_of
from demo_mines.rasters import write_rasters
from demo_mines.register import fill_register
from zoning.cli.register_workbook import LedgerBook, ledger_workbook
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types

PAGES = ("README.md", "CONTRIBUTING.md", "layers/README.md", "rules/README.md", "maps/README.md", "styles/README.md")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What the reader runs, and the files that he writes before: ```yaml title="name"; (+) adds to what is there.
_STEP = re.compile(
    r'^```(?:sh|\w+ title="(?P<file>[^"]+?)(?P<more> \(\+\))?")\n(?P<content>.*?)^```', re.MULTILINE | re.DOTALL
)
PROGRAMS = ("zoning", "python3")
DONE = (0, 1, 3)
MINES = "演示矿山"
"""Folder of what a restoration team brings along."""

PLANNING = ("docs/audit", "docs/compare", "docs/grid", "docs/mines", "docs/planners", "docs/statistics")
"""Subjects whose commands are run by a file of tests of their own: two files can be run at the same time."""

_AT_THE_DESK_OF = {"docs/operation": "README", "docs/formats": "README"}
"""Pages that show again, in folders of the same names, what another one shows: what is left is run at its desk."""


def pages(root: Path) -> dict[str, str]:
    """Return the texts of all pages by their paths."""
    found = [root / name for name in PAGES] + sorted((root / "docs").glob("*.md"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in found if path.is_file()}


def subjects(root: Path) -> dict[str, list[str]]:
    """Return the texts of the pages that show something to be run, by subject: both languages of a page together."""
    found: dict[str, list[str]] = {}
    for page, text in pages(root).items():
        if any(kind == "run" for kind, _, _ in steps(text)):
            subject = page.removesuffix(".md").removesuffix(".en")
            found.setdefault(_AT_THE_DESK_OF.get(subject, subject), []).append(text)
    return found


def commands(text: str) -> list[str]:
    """Return the lines of all shell blocks that call `zoning`."""
    return [line for block in BLOCK.findall(text) for line in _lines_to_run(block) if line.startswith("zoning ")]


def _lines_to_run(block: str) -> list[str]:
    lines = [line.strip() for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.split(" ")[0] in PROGRAMS]


def steps(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a reader does, in order: a line to run, or a file to write ("w") or to add to ("a")."""
    for found in _STEP.finditer(text):
        if found["file"]:
            yield "a" if found["more"] else "w", found["file"], found["content"]
        else:
            yield from (("run", line, "") for line in _lines_to_run(found["content"]))


@dataclass(frozen=True)
class Desk:
    """A folder as a reader has it, and the environment of his shell, where `zoning` is among the programs.

    `codes` are the exit codes of the lines that were run there.
    """

    folder: Path
    environ: Mapping[str, str]
    codes: dict[str, int] = field(default_factory=dict)

    def call(self, line: str) -> "subprocess.CompletedProcess[str]":
        """Run a line of a page."""
        done = subprocess.run(
            ["sh", "-c", line],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environ,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        self.codes[line] = done.returncode
        return done

    def follow(self, texts: Iterable[str]) -> int:
        """Do all that pages show, one after the other; return how many lines were run."""
        run = 0
        # Both languages of a page may show the same command or file: they say the same twice.
        for kind, line, content in dict.fromkeys(step for text in texts for step in steps(text)):
            if kind != "run":
                path = self.folder / line
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open(kind, encoding="utf-8") as file:
                    file.write(content)
                continue
            done = self.call(line)
            assert done.returncode in DONE, f"{line}\n{done.stderr}"
            assert "Traceback" not in done.stderr, line
            run += 1
        return run


def make_desk(folder: Path, workspace_root: Path, programs: Path, texts: Iterable[str]) -> Desk:
    """Make a folder as a reader of these pages has it: the examples, and what he brings along."""
    shutil.copytree(workspace_root / "examples", folder / "examples")
    # The list of an authority, here of one unit.
    rows = (
        "环境管控单元编码,单元名称,空间布局约束,污染物排放管控\n"
        "ZH14052220001,示例单元,1. 禁止新建焦化项目。2. 入园,达标排放\n"
    )
    (folder / "qindan.csv").write_bytes(rows.encode("gb18030"))
    if any(MINES in text for text in texts):
        _make_mines(folder / MINES, workspace_root)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZONING_")}
    return Desk(folder, environ | {"PATH": f"{programs}{os.pathsep}{environ['PATH']}"})


def _make_mines(folder: Path, workspace_root: Path) -> None:
    """Write what a restoration team brings along: a ledger of six parcels and rasters of their district."""
    folder.mkdir()
    types = read_register_types(workspace_root)
    parcels = list(islice(parcels_of("140502"), 6))
    with open_store(str(folder / "made.sqlite"), types, create=True) as store:
        fill_register(store, parcels, pictures=False)
        records = tuple(store.register("mine-parcels").records())
    content, _ = ledger_workbook(LedgerBook(types["mine-parcels"], records, TODAY, "zh"))
    (folder / "台账.xlsx").write_bytes(content)
    write_rasters(folder, parcels)
