"""The cells of a site, and what the site has in them."""

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import EDGES, FLATS, SPAN, SPANS
from zoning.overlay.kernel.memory import WORD, Base, real, whole
from zoning.overlay.kernel.windows import Window, add_edge, add_flat, add_weight, clear


@compiled
def add_cell(at: int, flat: Base, cells: Base, cell: int, window: Window) -> None:
    """Write what a site has in a window within one of its cells."""
    floats, ints = cells
    span = ints + WORD * (whole(ints, SPANS) + SPAN * cell)
    clear(at, window)
    add_weight(at, whole(span, 4))
    flats, edges = floats + WORD * whole(ints, FLATS), ints + WORD * whole(ints, EDGES)
    for index in range(whole(span, 2), whole(span, 3)):
        add_flat(at, real(flats, 3 * index), real(flats, 3 * index + 1), real(flats, 3 * index + 2), window)
    for index in range(whole(span, 0), whole(span, 1)):
        add_edge(at, flat, whole(edges, index), window)


@compiled
def cell_window(cells: Base, cell: int, box: int, other: int) -> Window:
    """Return what the box of a cell and another box have in common; turned around when that is nothing.

    `box`, `other`: address of floats and where the other box begins there.
    """
    own = 4 * cell
    return (
        max(real(cells[0], own), real(box, other)),
        max(real(cells[0], own + 1), real(box, other + 1)),
        min(real(cells[0], own + 2), real(box, other + 2)),
        min(real(cells[0], own + 3), real(box, other + 3)),
    )


@compiled
def cell_gap2(cells: Base, cell: int, box: int, other: int) -> float:
    """Return the square of the distance of the box of a cell to another box."""
    own = 4 * cell
    x = max(0.0, real(cells[0], own) - real(box, other + 2), real(box, other) - real(cells[0], own + 2))
    y = max(0.0, real(cells[0], own + 1) - real(box, other + 3), real(box, other + 1) - real(cells[0], own + 3))
    return x * x + y * y
