"""What a drawing consists of, as far as boundaries are concerned."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from zoning.sites.cad.curves import Array, Piece


@dataclass(frozen=True, slots=True)
class Mark:
    """What every entity has.

    Attributes
    ----------
    layer
        As in the file: its bytes stay undecoded until the codec is known.
    kind
        The type of the entity, e.g. LWPOLYLINE.
    handle
        Hexadecimal name within the drawing; empty in old files.
    line
        In the file, from 1; 0 in binary files.
    hidden
        Invisible by itself, or by its layer, or by the block that it came with.
    """

    layer: bytes
    kind: str
    handle: str
    line: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """Which loop of which hatch a path is.

    Attributes
    ----------
    style
        0: every second loop inwards is a hole; 1: only the outer band is filled; 2: holes are filled as well.
    copy
        Tells the copies of a block from one another.
    """

    hatch: int
    loop: int
    style: int
    copy: int = 0


@dataclass(frozen=True, slots=True)
class Path:
    """One line with its pieces in order.

    Attributes
    ----------
    closed
        By its own nature: flag of a polyline, circle. A path may be closed by its points all the same.
    filling
        None for lines.
    symbol_at
        Where the outermost block that it came with is inserted, shape (2,); None outside of blocks.
    """

    mark: Mark
    pieces: tuple[Piece, ...]
    closed: bool
    filling: Filling | None = None
    symbol_at: Array | None = None

    def moved(self, matrix: Array, mark: Mark, copy: int, symbol_at: Array) -> "Path":
        """Return it as a part of a block that is inserted with `matrix`."""
        filling = None if self.filling is None else replace(self.filling, copy=copy)
        return Path(mark, tuple(piece.moved(matrix) for piece in self.pieces), self.closed, filling, symbol_at)

    @property
    def ends(self) -> Array:
        """First and last point in the plane, shape (2, 2)."""
        return np.vstack([self.pieces[0].ends[0, :2], self.pieces[-1].ends[1, :2]])


@dataclass(frozen=True, slots=True)
class Unread:
    """An entity that may enclose an area and is not read.

    Attributes
    ----------
    points
        Shape (n, 3); empty when it is not known where it lies.
    damaged
        Its numbers are missing or wrong.
    clipped
        Name of the block of which only a part is shown; empty for everything else.
    """

    mark: Mark
    points: Array
    damaged: bool = False
    clipped: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A text."""

    mark: Mark
    at: Array
    content: bytes


@dataclass(frozen=True, slots=True)
class Insert:
    """A block put into the drawing, perhaps many times in rows and columns.

    Attributes
    ----------
    at
        Shape (3,), in the plane of `axes`.
    turn
        In radians.
    axes
        Shape (3, 3), the axes of its plane as columns.
    spacing
        Between rows and between columns; not scaled, but turned.
    dictionary
        Handle of its extension dictionary, as written; empty where it has none.
    clipped
        Only a part of it is shown (XCLIP).
    """

    mark: Mark
    block: bytes
    at: Array
    scale: tuple[float, float, float]
    turn: float
    axes: Array
    rows: int = 1
    columns: int = 1
    spacing: tuple[float, float] = (0.0, 0.0)
    dictionary: bytes = b""
    clipped: bool = False

    def matrix(self, base: Array, row: int = 0, column: int = 0) -> Array:
        """Return the transformation of one copy, shape (4, 4), from the block's own coordinates."""
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        rotation = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        shift = rotation @ np.array([column * self.spacing[1], row * self.spacing[0], 0.0])
        matrix = np.eye(4)
        matrix[:3, :3] = self.axes @ rotation @ np.diag(self.scale)
        matrix[:3, 3] = self.axes @ (self.at + shift) - matrix[:3, :3] @ base
        return matrix


Entity = Path | Unread | Note | Insert


@dataclass(slots=True)
class Block:
    """A named group of entities."""

    name: bytes
    base: Array
    external: bool = False
    entities: list[Entity] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layer:
    """An entry of the table of layers."""

    name: bytes
    frozen: bool
    off: bool
