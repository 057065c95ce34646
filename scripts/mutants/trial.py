"""Runs tests against changed code, each change in a process of its own."""

import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterable, Sequence
from os import sep
from pathlib import Path
from typing import Any

from mutants.changes import Change, changed

_OPTIONS = ("-q", "-x", "-n0", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "--tb=line")
_LEAST_S = 10.0
_AS_LONG = 10.0
_OF_PYTEST = ("_pytest", "pytest", "pluggy", "xdist")
_LIBRARIES = f"{sep}site-packages{sep}"


class Module:
    """A module of the checkout, not imported here."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root = root
        self.path = path
        self.name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        self.source = (root / path).read_text(encoding="utf-8")


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a module with a change in the place of the one on the disk."""

    def __init__(self, module: Module, tree: ast.Module) -> None:
        self._module = module
        self._tree = tree

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if name != self._module.name:
            return None
        file = self._module.root / self._module.path
        places = [str(file.parent)] if file.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(name, file, loader=self, submodule_search_locations=places)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        del spec

    def exec_module(self, module: types.ModuleType) -> None:
        file = str(self._module.root / self._module.path)
        exec(compile(self._tree, file, "exec"), module.__dict__)  # noqa: S102 - our own module, with one change


class Trial:
    """Tests of a module that are run once as it is, then once for each change."""

    def __init__(self, module: Module, tests: Sequence[str]) -> None:
        self._module = module
        self._tests = list(tests)
        self._seconds = _LEAST_S
        self._by_line: dict[int, list[str]] = {}

    def begin(self) -> bool:
        """Run the tests without any change; keep which test runs which line, and how long all take."""
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "told.json"
            began = time.monotonic()
            said = Path(folder) / "said.txt"
            if _in_a_process(lambda: self._covered(told), None, said) != 0:
                print(*said.read_text(encoding="utf-8", errors="replace").splitlines()[-20:], sep="\n")
                return False
            self._seconds = max(_LEAST_S, (time.monotonic() - began) * _AS_LONG)
            found = json.loads(told.read_text(encoding="utf-8"))
        self._by_line = {int(line): tests for line, tests in found["lines"].items()}
        for name in found["libraries"]:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        # A copy of this process could not import it changed.
        assert self._module.name not in sys.modules  # noqa: S101 - a fault of this script, not of its input
        return True

    def of(self, change: Change) -> str:
        """Return "noticed", "unnoticed" or "no test runs it"."""
        tests = self._by_line.get(change.line)
        if not tests:
            return "no test runs it"
        tree = changed(self._module.source, change)
        code = _in_a_process(lambda: self._tried(tree, tests), self._seconds)
        return "unnoticed" if code == 0 else "noticed"

    def _tried(self, tree: ast.Module, tests: Iterable[str]) -> int:
        import pytest

        sys.meta_path.insert(0, _Changed(self._module, tree))
        return int(pytest.main([*_OPTIONS, *tests]))

    def _covered(self, told: Path) -> int:
        import pytest

        data = told.with_suffix(".coverage")
        os.environ["COVERAGE_FILE"] = str(data)
        # A folder, not a name: to find a package by its name, coverage imports it, and numpy bears that only once.
        parts = (f"--cov={self._module.path.parent}", "--cov-context=test", "--cov-report=", "--cov-fail-under=0")
        code = int(pytest.main([*_OPTIONS, *parts, *self._tests]))
        if code == 0:
            lines = self._lines(data)
            libraries = [name for name, module in sys.modules.items() if "." not in name and _is_library(module)]
            told.write_text(json.dumps({"lines": lines, "libraries": libraries}), encoding="utf-8")
        return code

    def _lines(self, data: Path) -> dict[int, list[str]]:
        from coverage import CoverageData

        found = CoverageData(str(data))
        found.read()
        contexts = found.contexts_by_lineno(str(self._module.root / self._module.path))
        return {
            line: sorted({name.split("|")[0] for name in names if "::" in name})
            for line, names in contexts.items()
            if any("::" in name for name in names)
        }


def _is_library(module: types.ModuleType) -> bool:
    """Tell whether a module knows nothing of ours: it may be imported before the copies are made."""
    return _LIBRARIES in (getattr(module, "__file__", None) or "") and module.__name__ not in _OF_PYTEST


def _in_a_process(work: Callable[[], int], seconds: float | None, said: Path = Path(os.devnull)) -> int:
    """Do work in a copy of this process that speaks to a file; return its code, 99 where it did not end in time."""
    process = multiprocessing.get_context("fork").Process(target=_speaking_to, args=(work, said))
    process.start()
    process.join(seconds)
    if process.pid and process.is_alive():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.join()
        return 99
    return process.exitcode or 0


def _speaking_to(work: Callable[[], int], said: Path) -> None:
    os.setsid()
    file = os.open(said, os.O_RDWR | os.O_CREAT)
    for stream in (0, 1, 2):
        os.dup2(file, stream)
    code = work()
    sys.stdout.flush()
    os._exit(code)
