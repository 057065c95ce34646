"""The order in which files of tests are begun: the list names files that exist, and each file stays in one piece."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from order_of_files import LONGEST_FIRST, SHOWN, lines_of, put_longest_first, seconds_of_files

FIRST, SECOND = LONGEST_FIRST[:2]


def test_every_file_of_the_list_exists_and_is_named_once(repository_root: Path) -> None:
    assert [file for file in LONGEST_FIRST if not (repository_root / file).is_file()] == []
    assert len(set(LONGEST_FIRST)) == len(LONGEST_FIRST)


def test_the_files_of_the_list_come_first_and_then_those_with_many_tests() -> None:
    names = ["b.py::z", "a.py::y", f"{SECOND}::one", "b.py::x", f"{FIRST}::two", f"{FIRST}::one", "c.py::x"]
    items: list[Any] = [SimpleNamespace(nodeid=name) for name in names]
    put_longest_first(items)
    assert [item.nodeid for item in items] == [
        f"{FIRST}::two",
        f"{FIRST}::one",
        f"{SECOND}::one",
        "b.py::z",
        "b.py::x",
        "a.py::y",
        "c.py::x",
    ]


def test_what_is_set_up_counts_for_its_file() -> None:
    def report(nodeid: str, when: Any, duration: float) -> pytest.TestReport:
        return pytest.TestReport(nodeid, ("", 0, ""), {}, "passed", None, when, duration=duration)

    reports = [report("a.py::x", "setup", 2.0), report("a.py::x", "call", 1.0), report("b.py::x[::]", "call", 5.0)]
    seconds = seconds_of_files([*reports, "no report"])
    assert seconds == {"b.py": 5.0, "a.py": 3.0}
    assert list(seconds) == ["b.py", "a.py"]


def test_only_the_longest_are_shown() -> None:
    lines = lines_of({f"{number}.py": 1.0 for number in range(SHOWN + 5)})
    assert len(lines) == SHOWN + 1
    assert lines[-1] == f"{SHOWN + 5:7.1f}  in all, on all processes"
