"""The cells of a site, and what the site has in them. A cell is named by the place of its description."""

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import CELL_EDGES, CELL_FLATS, CELL_HEAD, CELL_WEIGHT
from zoning.overlay.kernel.memory import WORD, Base, real, whole
from zoning.overlay.kernel.windows import Window, add_edge, add_flat, add_weight, clear


@compiled
def add_cell(at: int, flat: Base, cells: int, cell: int, window: Window) -> None:
    """Write what a site has in a window within one of its cells."""
    record = cells + WORD * cell
    edges, flats = whole(record, CELL_EDGES), whole(record, CELL_FLATS)
    clear(at, window)
    add_weight(at, whole(record, CELL_WEIGHT))
    for row in range(CELL_HEAD + edges, CELL_HEAD + edges + 3 * flats, 3):
        add_flat(at, real(record, row), real(record, row + 1), real(record, row + 2), window)
    for index in range(CELL_HEAD, CELL_HEAD + edges):
        add_edge(at, flat, whole(record, index), window)


@compiled
def cell_window(cells: int, cell: int, box: int, other: int) -> Window:
    """Return what the box of a cell and another box have in common; turned around when that is nothing.

    `box`, `other`: address of floats and where the other box begins there.
    """
    return (
        max(real(cells, cell), real(box, other)),
        max(real(cells, cell + 1), real(box, other + 1)),
        min(real(cells, cell + 2), real(box, other + 2)),
        min(real(cells, cell + 3), real(box, other + 3)),
    )


@compiled
def cell_gap2(cells: int, cell: int, box: int, other: int) -> float:
    """Return the square of the distance of the box of a cell to another box."""
    x = max(0.0, real(cells, cell) - real(box, other + 2), real(box, other) - real(cells, cell + 2))
    y = max(0.0, real(cells, cell + 1) - real(box, other + 3), real(box, other + 1) - real(cells, cell + 3))
    return x * x + y * y
