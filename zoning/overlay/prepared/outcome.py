"""What became of a layer that was to be prepared."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zoning.errors import LayerError
from zoning.texts import Text

State = Literal["built", "current", "refused", "elsewhere"]
Stage = Literal["waiting", "reading", "projecting", "writing"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One form of a layer.

    Attributes
    ----------
    edition
        None where none is valid on the day.
    territory
        Edition of the territory layer that the coverage rests on.
    state
        `built` now, or `current` before; `refused` where it cannot be prepared, `elsewhere` where there is no file to
        prepare (it lives in a database).
    path
        The prepared file, None where there is none.
    reason
        Why it was refused: the sentence of the reader.
    exit_code
        That of the reason; 0 where there is none.
    """

    layer: str
    edition: str | None
    state: State
    territory: str | None = None
    path: Path | None = None
    zones: int = 0
    size: int = 0
    reason: Text | None = None
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is.

    Attributes
    ----------
    done, total
        Zones of the layer; while they are read, bytes of its file.
    """

    layer: str
    edition: str
    stage: Stage
    done: int = 0
    total: int = 0


Progress = Callable[[Step | Prepared], None]
"""Is told every step, and every outcome when it is there."""

UNREADABLE = LayerError.exit_code
