"""docs/benchmarks.md: its figures are those of the history, with machine, date and command, and no place of a disk."""

import json
import re
import sys
from pathlib import Path

import pytest

import write_benchmarks
from bench import keeping
from write_benchmarks import HISTORY, PAGES, page

LANGUAGES = pytest.mark.parametrize("language", sorted(PAGES))


@LANGUAGES
def test_the_page_is_current(language: str) -> None:
    text = PAGES[language].read_text(encoding="utf-8")
    assert page(text, language) == text, "run scripts/write_benchmarks.py"


@LANGUAGES
def test_every_benchmark_has_machine_date_and_command(language: str) -> None:
    text = PAGES[language].read_text(encoding="utf-8")
    for name in write_benchmarks.ORDER:
        assert f"### {name}\n" in text
        assert f"`python scripts/bench {name}" in text
    told = len(write_benchmarks.ORDER) + 3
    assert len(re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", text)) == told
    assert text.count("GEOS") >= told


def test_the_newest_run_counts(tmp_path: Path) -> None:
    file = tmp_path / "runs.jsonl"
    lines = [{"name": "a", "n": 1}, {"name": "b", "n": 2}, {"name": "a", "n": 3}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert {name: record["n"] for name, record in write_benchmarks.newest(file).items()} == {"a": 3, "b": 2}
    assert write_benchmarks.newest(tmp_path / "none.jsonl") == {}


def test_the_history_names_no_place_of_a_disk() -> None:
    for file in sorted(HISTORY.glob("*.jsonl")):
        assert not re.search(r"/(?:tmp|home|root|work|var|usr)/", file.read_text(encoding="utf-8")), file.name


def test_what_is_printed_is_kept_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run() -> int:
        sys.stdout.write("  a row   1.0 s\n")
        return 1

    file = tmp_path / "printed.jsonl"
    assert keeping.kept("page", ["page", "--keep", "--fields", "9"], run, file) == 1
    assert capsys.readouterr().out == "  a row   1.0 s\n"
    (record,) = write_benchmarks.newest(file).values()
    assert (record["lines"], record["code"]) == (["  a row   1.0 s"], 1)
    assert record["command"] == "python scripts/bench page --fields 9"
