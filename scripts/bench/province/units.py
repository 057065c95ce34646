"""Management units that partition the province: bricks of one to four cells, their ragged borders shared."""

from dataclasses import dataclass

import numpy as np

from bench.province.chance import Chance, Floats, Whole, fractal, on_grid, places, starts
from bench.province.land import HEIGHT_M, SOUTH_M, WEST_M, WIDTH_M
from bench.province.zones import Layer, Ragged, polygons

COLUMNS, ROWS = 76, 50
LONGEST = 4
_JITTER = 0.12
_VERTICES = (24.0, 700.0)
# Borders stay in a diamond of 27° around their chord: where borders meet, the corners are wider than twice that.
_SLOPE = 0.5
_FADE = 0.62
CLASSES = np.array(["priority", "key", "general"])


@dataclass(frozen=True, slots=True, eq=False)
class _Borders:
    """Borders between neighbouring nodes: the vertices from the first node up to, not including, the last."""

    xy: Floats
    begin: Whole

    def forward(self, number: int, end: Floats) -> tuple[Floats, Floats]:
        """Return one border from its first node on, and its last node."""
        return self.xy[self.begin[number] : self.begin[number + 1]], end


def _borders(chance: Chance, one: Floats, other: Floats) -> _Borders:
    counts = chance.spread(*_VERTICES, len(one)).astype(np.int64)
    owner, index = places(counts)
    place = index / counts[owner]
    chord = (other - one)[owner]
    wave = fractal(chance, counts, first=4, fade=_FADE, closed=False) * (1.0 - _FADE)
    side = wave * _SLOPE * np.minimum(place, 1.0 - place)
    xy = one[owner] + chord * place[:, None] + np.column_stack([-chord[:, 1], chord[:, 0]]) * side[:, None]
    return _Borders(on_grid(xy), starts(counts))


class _Mesh:
    """The nodes of the cells and the borders between them."""

    def __init__(self, seed: int, columns: int, rows: int) -> None:
        chance = Chance(seed, "units")
        self.columns, self.rows = columns, rows
        wide, high = WIDTH_M / columns, HEIGHT_M / rows
        east, north = np.meshgrid(np.arange(columns + 1), np.arange(rows + 1))
        jitter = chance.uniform(-_JITTER, _JITTER, (rows + 1, columns + 1, 2)) * min(wide, high)
        self.nodes = on_grid(np.stack([WEST_M + east * wide, SOUTH_M + north * high], axis=-1) + jitter)
        flat = self.nodes[:, :-1].reshape(-1, 2), self.nodes[:, 1:].reshape(-1, 2)
        self._across = _borders(chance, *flat)
        flat = self.nodes[:-1].reshape(-1, 2), self.nodes[1:].reshape(-1, 2)
        self._up = _borders(chance, *flat)
        self.chance = chance

    def ring(self, row: int, first: int, last: int, top: int) -> Floats:
        """Return the ring around the cells `first` ... `last` - 1 of the rows `row` ... `top` - 1, not closed."""
        walk = [self._across.forward(row * self.columns + c, self.nodes[row, c + 1])[0] for c in range(first, last)]
        walk += [self._up.forward(r * (self.columns + 1) + last, self.nodes[r + 1, last])[0] for r in range(row, top)]
        back = [self._back(self._across, top * self.columns + c, self.nodes[top, c + 1]) for c in range(first, last)]
        walk += back[::-1]
        back = [self._back(self._up, r * (self.columns + 1) + first, self.nodes[r + 1, first]) for r in range(row, top)]
        walk += back[::-1]
        return np.concatenate(walk)

    @staticmethod
    def _back(borders: _Borders, number: int, end: Floats) -> Floats:
        """Return a border from its last node on, without its first."""
        xy, last = borders.forward(number, end)
        return np.concatenate([last[None], xy[:0:-1]])

    def bricks(self) -> list[tuple[int, int, int]]:
        """Return row, first cell and end of every unit."""
        found = []
        for row in range(self.rows):
            lengths = self.chance.whole(1, LONGEST + 1, self.columns)
            ends = np.minimum(np.cumsum(lengths), self.columns)
            last = int(np.argmax(ends == self.columns))
            begins = np.concatenate([[0], ends[:last]])
            found += [(row, int(a), int(b)) for a, b in zip(begins, ends[: last + 1], strict=True)]
        return found


def units(seed: int, *, columns: int = COLUMNS, rows: int = ROWS) -> tuple[Layer, Ragged]:
    """Return the units, and the province that they partition."""
    mesh = _Mesh(seed, columns, rows)
    rings = [mesh.ring(row, first, last, row + 1) for row, first, last in mesh.bricks()]
    counts = np.array([len(ring) for ring in rings], dtype=np.int64)
    classes = CLASSES[mesh.chance.whole(0, len(CLASSES), len(rings))]
    outer = mesh.ring(0, 0, columns, rows)
    province = polygons(outer, np.array([len(outer)], dtype=np.int64))
    return Layer("units", polygons(np.concatenate(rings), counts), classes), province
