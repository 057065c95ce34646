"""Files to start a fuzz run from: every file of the intake corpus (tests/intake), made anew in code."""

import importlib.util
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

TESTS = Path(__file__).resolve().parent.parent / "tests"
_LARGEST = 600_000
_OPTIONS = ("width_m", "radius_m", "area_m2", "encoding", "crs", "layer")
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Input:
    """What one reading is given.

    Attributes
    ----------
    main
        Path of the boundary file, or of its folder, among `files`.
    files
        Contents by path, all relative to one folder.
    readable
        Footprints come of it as it is.
    """

    label: str
    main: str
    files: Mapping[str, bytes]
    options: Mapping[str, Any] = field(default_factory=dict)
    expected: Bounds | None = None
    readable: bool = False

    @property
    def format(self) -> str:
        """The suffix, under which results are counted."""
        return Path(self.main).suffix.lower() or "(none)"


def corpus_inputs() -> list[Input]:
    """Make the files of all cases; those that are large or need more than a folder are left out."""
    sys.path.insert(0, str(TESTS / "support"))
    made: list[Input] = []
    for path in sorted((TESTS / "intake").glob("test_*.py")):
        module = _module(path)
        for case in getattr(module, "CASES", ()):
            made += _made(path.stem, case)
    return made


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"corpus_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _made(stem: str, case: Any) -> Iterator[Input]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        main = Path(case.make(folder))
        if not main.is_relative_to(folder) or main == folder:
            return
        files = {
            str(file.relative_to(folder)): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file() and not file.is_symlink() and file.stat().st_size <= _LARGEST
        }
        if sum(map(len, files.values())) > _LARGEST or not any(name.startswith(main.name) for name in files):
            return
        options = {key: value for key, value in case.options.items() if key in _OPTIONS}
        readable = type(case.expect).__name__ == "Read"
        yield Input(f"{stem}/{case.name}", str(main.relative_to(folder)), files, options, case.expected, readable)
