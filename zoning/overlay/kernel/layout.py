"""How shapes lie in two flat arrays, one of floats and one of integers: what the compiled functions read.

The integers begin with a head of counts and of places where each list starts. One array each, and not one per list: a
call from Python costs time for every array.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FANOUT = 16
"""Edges per run, runs per block, blocks per block above, zones per node of the tree, nodes per node above."""

# Shapes: counts.
ZONES, PARTS, RINGS, VERTICES, BOXES = 0, 1, 2, 3, 4
AREAL = 5
"""1 when the shapes are polygons, 0 when they are lines: then parts and rings are the same."""

# Where lists start in the integers.
PART_STARTS = 6
"""Zone -> its first part; one more at the end, as in all lists of starts."""
RING_STARTS = 7
"""Part -> its first ring, the shell."""
VERTEX_STARTS = 8
"""Ring -> its first vertex; the last vertex of a closed ring repeats the first."""
BOX_STARTS = 9
"""Ring -> the box of its first run. After the runs come their blocks, level by level, last the box of the ring."""
KINDS = 10
"""Zone -> type of geometry as in shapely."""
SIGNS = 11
"""Ring -> 0 when it has the inside of the polygon on its left, 1 when on its right."""

RING_ORDER = 12
"""Zone by zone its rings, in the order of the file or, when there are more than `FANOUT`, neighbours beside each other:
twice the number of the ring, plus one for a hole."""
GROVE_STARTS = 13
"""Zone -> the box of its first `FANOUT` rings of that order; only zones with more have such boxes."""

# Where lists start in the floats; the coordinates (x, y) start at 0.
RUN_BOXES = 16
"""Boxes of runs and blocks of all rings: west, south, east, north."""
ZONE_BOXES = 17
AREAS = 18
GROVE_BOXES = 19
HEAD = 24

# Tree. Its floats are the boxes of the nodes, level by level, the lowest first; level 0 are the zones themselves.
TREE_ZONES, TREE_LEVELS = 0, 1
NODES = 2
"""Level -> its first node, from level 1 on; one more at the end."""
TREE_GROUPS = 3
"""How many groups there are: the largest number and one."""
MOST_LEVELS = 12
NUMBERS = 8
"""Where the list starts: place in the tree -> number of the zone in the file."""
GROUPS = 9
"""Place -> number of the class."""
LOOSE = 10
"""Place -> 0 when the class is only assumed, otherwise -1."""
GROUP_MASKS = 11
"""Node -> which groups it holds: bit g, bit 63 for all from 63 on."""
LOOSE_MASKS = 12
PLACES = 13
"""Number of the zone in the file -> place in the tree."""
TREE_HEAD = 16

# Cells of sites, in one array of integers, some of which are the bits of floats.
CELLS = 0
MOST_CELLS, MOST_PIECES = 1, 2
"""The most cells of one site; the most edges and flat pieces of one cell together."""
WORDS = 3
"""How many numbers of room a slice of these sites needs."""
CELL_STARTS = 4
"""Site -> its first cell."""
RECORDS = 5
"""Cell -> where it is described; compiled functions name a cell by that place."""
CELLS_HEAD = 8

# Description of a cell: box of the part of the site in it (west, south, east, north), then the numbers below, then the
# edges, then the flat pieces (left, right, weight).
CELL_EDGES, CELL_FLATS = 4, 5
"""How many edges pass through the cell: each is twice the number of the first vertex, plus the sign of the ring. How
many chains pass above a part of the cell."""
CELL_WEIGHT = 6
"""Weight of the chains above all of the cell."""
CELL_HEAD = 7


class Flat(NamedTuple):
    """Shapes, or a tree, in two flat arrays."""

    floats: Floats
    ints: Ints
