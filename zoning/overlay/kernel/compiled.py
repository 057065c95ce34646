"""Numeric functions compiled to machine code, once per computer.

The compiled code is kept beside the sources, or in the user's cache folder where that cannot be written; where nothing
can be written it is compiled anew by every process. It is thrown away as soon as any source of this package changes:
a function holds the machine code of those that it calls, also of those in other files.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
from numba.core.caching import FunctionCache

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numbers and arrays when it is first called; it runs without the interpreter's lock."""
    dispatcher: Any = numba.njit(nogil=True, fastmath=False, error_model="numpy")(function)
    kept = _kept(function)
    if kept is not None:
        dispatcher._cache = kept  # noqa: SLF001 - numba gives no other way to say what the code depends on
    made: Callable[P, R] = dispatcher
    return made


class _KeptCode(FunctionCache):
    """Machine code on disk that may be missing, damaged or not writable: then the function is compiled."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]  # Numba ships no types
        self._cache_file._source_stamp = _sources_sha256()  # noqa: SLF001 - see `compiled`

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]  # Numba ships no types
        except Exception:  # noqa: BLE001 - whatever a damaged file does to its reader, compiling helps
            self._discard()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]  # Numba ships no types
        except OSError:
            # A full disk is no reason not to answer.
            self.disable()  # type: ignore[no-untyped-call]  # Numba ships no types

    def _discard(self) -> None:
        """Begin with an empty list of what there is."""
        try:
            self.flush()  # type: ignore[no-untyped-call]  # Numba ships no types
        except OSError:
            self.disable()  # type: ignore[no-untyped-call]  # Numba ships no types


def _kept(function: Callable[..., Any]) -> FunctionCache | None:
    try:
        return _KeptCode(function)
    except (RuntimeError, OSError, AttributeError):  # no folder that can be written; another numba
        return None


@cache
def _sources_sha256() -> bytes:
    digest = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()
