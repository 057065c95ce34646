"""Room that a slice of sites is worked in: a meeting of site and zone, the way through the tree, one distance."""

from zoning.overlay.kernel.borders import meeting_words, prepare_meeting
from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import MOST_CELLS, MOST_PIECES, Flat
from zoning.overlay.kernel.memory import WORD, Base, address, whole
from zoning.overlay.kernel.walking import prepare_walk, walk_words


@compiled
def base_of(flat: Flat) -> Base:
    """Return where shapes, or a tree, lie; they have to be kept alive for as long as that is used."""
    return address(flat.floats), address(flat.ints)


@compiled
def words(cells: int, pieces: int) -> int:
    """Return how many numbers are needed for sites with so many cells, and so many edges and flat pieces in a cell."""
    return 1 + meeting_words(pieces) + walk_words(cells)


@compiled
def divide(space: int, cells: int) -> tuple[int, int, int]:
    """Return the addresses of a meeting, of a walk, and of one number."""
    pieces, most = whole(cells, MOST_PIECES), whole(cells, MOST_CELLS)
    meeting, walk = space + WORD, space + WORD * (1 + meeting_words(pieces))
    prepare_meeting(meeting, pieces)
    prepare_walk(walk, most)
    return meeting, walk, space
