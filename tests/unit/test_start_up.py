"""What is loaded when: nothing heavy before it is needed. Times are measured by `scripts/measure_house.py --start`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from zoning import __version__

# What draws the help; everything else waits for a command that needs it.
HELP = {"annotated_doc", "attr", "attrs", "markdown_it", "mdurl", "pygments", "rich", "shellingham", "typer"}
# Typer reads the words of a command with them.
WORDS = {"annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"}
# Content is read, coordinate systems are known, shapes are there; no file of geometries is opened.
CONTENT = {"certifi", "cython_runtime", "numpy", "pyproj", "shapely", "yaml"}

PROGRAM = """
import contextlib, io, json, sys
there = set(sys.modules)
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    {what}
found = {{name.partition(".")[0] for name in set(sys.modules) - there}}
own = sorted(name for name in sys.modules if name.partition(".")[0] == "zoning")
libraries = sorted(name for name in found - sys.stdlib_module_names - {{"zoning"}} if not name.startswith("_"))
print(json.dumps([libraries, own]))
"""


def loaded(folder: Path, what: str) -> tuple[set[str], set[str]]:
    """Return the libraries and the modules of ours that are there after a program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(what=what)], cwd=folder, capture_output=True, text=True, check=True
    )
    libraries, own = json.loads(done.stdout.splitlines()[-1])
    return set(libraries), set(own)


def command(*words: str) -> str:
    return f"sys.argv = {['zoning', *words]!r}; from zoning.cli import main; main()"


def test_the_front_door_loads_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, "import zoning") == (set(), {"zoning", "zoning.version"})


@pytest.mark.parametrize("name", ["Text", "ZoningError"])
def test_a_small_name_of_the_front_door_brings_no_library(tmp_path: Path, name: str) -> None:
    libraries, own = loaded(tmp_path, f"from zoning import {name}")
    assert (libraries, own - {"zoning", "zoning.version", "zoning.texts", "zoning.errors"}) == (set(), set())


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (["--help"], HELP),
        (["--version"], HELP),
        (["check", "--help"], HELP | WORDS),
        (["serve", "--help"], HELP | WORDS),
        (["mines", "--help"], HELP | WORDS),
        (["register"], HELP | WORDS),
        (["layers", "list"], HELP | WORDS | CONTENT),
        (["rules", "list"], HELP | WORDS | CONTENT),
        (["rules", "show", "EEZ24-1"], HELP | WORDS | CONTENT),
        (["layers", "show", "rivers"], HELP | WORDS | CONTENT),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_a_command_loads_what_it_needs(tmp_path: Path, words: list[str], allowed: set[str]) -> None:
    libraries, own = loaded(tmp_path, command(*words))
    assert libraries - allowed == set()
    # The command was run, and not only refused.
    assert "typer" in libraries
    assert {"zoning.web", "zoning.report", "zoning.mines", "zoning.registers", "zoning.advice"} & own == set()


def test_a_check_draws_nothing_and_asks_no_database(tmp_path: Path, repository_root: Path) -> None:
    site = repository_root / "examples" / "school.geojson"
    # As users have it: pyogrio loads geopandas wherever it is installed, as it is for tests.
    alone = "sys.modules['geopandas'] = None; there.add('geopandas'); "
    libraries, own = loaded(tmp_path, alone + command("check", str(site), "--on", "2026-06-01", "--format", "json"))
    drawing = {"matplotlib", "jinja2", "fontTools", "PIL", "weasyprint", "docxtpl", "openpyxl"}
    others = {"scipy", "numba", "pandas", "sqlalchemy", "fastapi", "psycopg", "ezdxf", "rasterio", "distributed"}
    assert libraries & (drawing | others) == set()
    assert {"zoning.web", "zoning.maps.web_map", "zoning.report", "zoning.mines", "zoning.registers"} & own == set()
    assert "shapely" in libraries


def test_the_version_is_said(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zoning", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == (f"zoning {__version__}\n", "")
