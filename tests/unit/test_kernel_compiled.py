"""Machine code is kept on disk where that is possible, and nothing depends on it."""

import errno
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from numba.core import caching

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.orientation import orientation, segments_meet

SOURCE = "def twice(number: float) -> float:\n    return 2 * number\n"


def load(folder: Path) -> Callable[[float], float]:
    """Return a function of a module of its own, compiled."""
    path = folder / "twice_of.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("twice_of", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["twice_of"] = module
    spec.loader.exec_module(module)
    function: Callable[[float], float] = compiled(module.twice)
    return function


def hits(function: Any) -> int:
    """Return how often machine code was found on disk."""
    return int(sum(function.stats.cache_hits.values()))


def test_code_is_found_again(tmp_path: Path) -> None:
    assert load(tmp_path)(2.0) == 4.0
    again = load(tmp_path)
    assert again(2.0) == 4.0
    assert hits(again) == 1


def test_code_of_other_sources_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(tmp_path)(2.0) == 4.0
    monkeypatch.setattr("zoning.overlay.kernel.compiled._sources_sha256", lambda: b"other")
    again = load(tmp_path)
    assert again(2.0) == 4.0
    assert hits(again) == 0


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x80\x04\x95"])
def test_damaged_code_is_compiled_again(tmp_path: Path, content: bytes) -> None:
    assert load(tmp_path)(2.0) == 4.0
    kept = [path for path in tmp_path.rglob("*") if path.suffix in {".nbi", ".nbc"}]
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(content)
    assert load(tmp_path)(2.0) == 4.0
    # What was damaged is whole again.
    again = load(tmp_path)
    assert again(2.0) == 4.0
    assert hits(again) == 1


def test_a_full_disk_is_no_reason_not_to_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(caching.IndexDataCacheFile, "save", full)
    assert load(tmp_path)(2.0) == 4.0


def test_damaged_code_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert load(tmp_path)(2.0) == 4.0
    for path in tmp_path.rglob("*.nbi"):
        path.write_bytes(b"garbage")
    monkeypatch.setattr(caching.IndexDataCacheFile, "flush", full)
    assert load(tmp_path)(2.0) == 4.0


def test_no_folder_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    assert load(tmp_path)(2.0) == 4.0
    assert not list(tmp_path.rglob("*.nbc"))


@pytest.mark.parametrize(
    ("c", "side"),
    [
        ((0.5, 0.5), 0),
        ((0.5, 0.5 + 2**-53), 1),
        ((0.5 + 2**-53, 0.5), -1),
        ((3e8, 3e8), 0),
        ((3e8, 3e8 + 2**-24), 1),
        ((-1e-30, -1e-30), 0),
        ((-1e-30, -2e-30), -1),
    ],
)
def test_orientation_is_exact(c: tuple[float, float], side: int) -> None:
    assert orientation((0.0, 0.0), (1.0, 1.0), c) == side
    assert orientation((1.0, 1.0), (0.0, 0.0), c) == -side


def test_orientation_where_differences_are_no_floats() -> None:
    # The tails of the differences decide: 1e16 + 1 is no float.
    assert orientation((-1.0, -1.0), (1e16, 1e16), (1e-5, 1e-5)) == 0
    assert orientation((-1.0, -1.0), (1e16, 1e16), (1e-5, 2e-5)) == 1


@pytest.mark.parametrize(
    ("one", "two", "meet"),
    [
        (((0, 0), (2, 2)), ((0, 2), (2, 0)), True),
        (((0, 0), (2, 2)), ((1, 1), (2, 0)), True),
        (((0, 0), (2, 2)), ((2, 2), (3, 0)), True),
        (((0, 0), (2, 2)), ((1, 1), (3, 3)), True),
        (((0, 0), (2, 2)), ((1, 0.999), (2, 0)), False),
        (((0, 0), (2, 2)), ((1, 1), (1, 1)), True),
        (((0, 0), (2, 2)), ((1, 0), (1, 0)), False),
        (((0, 0), (0, 0)), ((0, 0), (0, 0)), True),
    ],
)
def test_segments_meet(one: tuple[Any, Any], two: tuple[Any, Any], *, meet: bool) -> None:
    a, b, c, d = [(float(x), float(y)) for x, y in (*one, *two)]
    assert segments_meet(a, b, c, d) == meet
    assert segments_meet(d, c, a, b) == meet
