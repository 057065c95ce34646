"""Numbers read and written at addresses.

Compiled functions that hand arrays to each other count every reference with an atomic instruction, and that took three
quarters of the time. So only the functions that Python calls know arrays; they keep them alive, and those below get
addresses. All numbers are eight bytes long.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

WORD = 8
"""Bytes per number."""

Base = tuple[int, int]
"""Addresses of the floats and of the integers of shapes, or of a tree, or of cells."""

_made: Any = intrinsic
_REAL, _WHOLE = ir.DoubleType(), ir.IntType(64)


def _pointer(builder: Any, args: Any, kind: Any) -> Any:
    return builder.gep(builder.inttoptr(args[0], kind.as_pointer()), [args[1]])


def _address(_context: Any, array: Any) -> Any:
    def make(target: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ptrtoint(target.make_array(array)(target, builder, args[0]).data, _WHOLE)

    return types.int64(array), make


def _load(kind: Any, number: Any) -> Callable[[Any, Any, Any], Any]:
    def load(_context: Any, _base: Any, _index: Any) -> Any:
        def make(_target: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return builder.load(_pointer(builder, args, kind))

        return number(types.int64, types.int64), make

    return load


def _store(kind: Any, number: Any) -> Callable[[Any, Any, Any, Any], Any]:
    def store(_context: Any, _base: Any, _index: Any, _value: Any) -> Any:
        def make(target: Any, builder: Any, _signature: Any, args: Any) -> Any:
            builder.store(args[2], _pointer(builder, args, kind))
            return target.get_dummy_value()

        return types.void(types.int64, types.int64, number), make

    return store


address: Callable[[NDArray[Any]], int] = _made(_address)
"""The address of the first number of an array, which has to be kept alive for as long as that is used."""

real: Callable[[int, int], float] = _made(_load(_REAL, types.float64))
"""The float at an index from an address on."""

whole: Callable[[int, int], int] = _made(_load(_WHOLE, types.int64))
"""The integer at an index from an address on."""

put_real: Callable[[int, int, float], None] = _made(_store(_REAL, types.float64))
"""Writes a float at an index from an address on."""

put_whole: Callable[[int, int, int], None] = _made(_store(_WHOLE, types.int64))
"""Writes an integer at an index from an address on."""
