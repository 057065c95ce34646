"""The zones of a layer, packed: shapes along a Hilbert curve, a tree over them, and what class each is of."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay.kernel.layout import GROUPS, LOOSE, NUMBERS, PLACES, TREE_GROUPS, TREE_ZONES, Flat, Ints
from zoning.overlay.kernel.order import hilbert_order
from zoning.overlay.kernel.plain_search import Box, search_plain
from zoning.overlay.kernel.shapes import Geometries, Shapes, read_only


class PackedZones:
    """Zones that keep the numbers they have in their file; how they lie in memory is nobody's business.

    Parameters
    ----------
    shapes
        In the order of the tree.
    tree
        As `zoning.overlay.kernel.layout` says; read only.
    """

    def __init__(self, shapes: Shapes, tree: Flat) -> None:
        self.shapes = shapes
        self.tree = Flat(read_only(tree.floats), read_only(tree.ints))

    @classmethod
    def of(
        cls,
        geometries: Sequence[BaseGeometry] | Geometries,
        class_numbers: Sequence[int] | NDArray[Any] | None = None,
        assumed: Sequence[bool] | NDArray[Any] | None = None,
    ) -> "PackedZones":
        """Pack valid polygons, or lines, (n,) of the measuring plane.

        Parameters
        ----------
        class_numbers
            (n,) from 0 on; without them all zones are of class 0.
        assumed
            (n,) whether the class is only assumed.

        Raises
        ------
        TypeError
            When there are others, or both.
        """
        from zoning.overlay.kernel.tree import build_tree

        given = np.asarray(geometries, dtype=object)
        order = hilbert_order(np.asarray(shapely.bounds(given)).reshape(-1, 4))
        classes = np.zeros(len(given), np.int64) if class_numbers is None else np.asarray(class_numbers, np.int64)
        loose = np.zeros(len(given), bool) if assumed is None else np.asarray(assumed, bool)
        shapes = Shapes.of(given[order])
        groups, kept = read_only(classes[order]), read_only(loose[order].astype(np.int64) - 1)
        floats, ints = build_tree(shapes.flat, read_only(order), groups, kept)
        return cls(shapes, Flat(floats, ints))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "PackedZones":
        """Return the zones whose `arrays` these are; nothing is copied."""
        return cls(Shapes.from_arrays(arrays), Flat(arrays["tree_floats"], arrays["tree_ints"]))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that has to be stored."""
        return {**self.shapes.arrays(), "tree_floats": self.tree.floats, "tree_ints": self.tree.ints}

    def __len__(self) -> int:
        return int(self.tree.ints[TREE_ZONES])

    @property
    def layer(self) -> tuple[Flat, Flat]:
        """Shapes and tree, as compiled functions take them."""
        return self.shapes.flat, self.tree

    @property
    def numbers(self) -> Ints:
        """Place in the tree -> number of the zone, (n,)."""
        return self._list(NUMBERS)

    @property
    def places(self) -> Ints:
        """Number of a zone -> its place in the tree, (n,)."""
        return self._list(PLACES)

    @property
    def class_numbers(self) -> Ints:
        """Classes of the zones, (n,), by number."""
        return self._list(GROUPS)[self.places]

    @property
    def classes(self) -> int:
        """The largest class number and one."""
        return int(self.tree.ints[TREE_GROUPS])

    @property
    def assumed(self) -> NDArray[np.bool_]:
        """Whether the class of a zone is only assumed, (n,), by number."""
        loose: NDArray[np.bool_] = self._list(LOOSE)[self.places] == 0
        return loose

    def meeting(self, box: Box) -> Ints:
        """Return the numbers of the zones whose boxes meet a box, touching included, ascending.

        `box`: west, south, east, north.
        """
        return np.sort(self.numbers[search_plain(self.shapes.flat, self.tree, box)])

    def meeting_compiled(self, box: Box) -> Ints:
        """Return the same as `meeting`, 20 times as fast once the compiled functions are loaded."""
        from zoning.overlay.kernel.tree import search

        west, south, east, north = box
        wanted = (float(west), float(south), float(east), float(north))
        return np.sort(self.numbers[search(self.shapes.flat, self.tree, wanted)])

    def kinds(self, numbers: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Return classes (m,) of some zones, and whether they are only assumed."""
        places = self.places[numbers]
        return self._list(GROUPS)[places], self._list(LOOSE)[places] == 0

    def geometry(self, number: int) -> BaseGeometry:
        """Return one zone, equal to what was given to the last bit and of the same type."""
        return self.shapes.geometry(int(self.places[number]))

    def geometries(self, numbers: Sequence[int] | Ints) -> Geometries:
        """Return zones (m,), equal to what was given to the last bit and of the same type."""
        return self.shapes.geometries(self.places[np.asarray(numbers, dtype=np.int64)])

    def _list(self, head: int) -> Ints:
        at = int(self.tree.ints[head])
        return self.tree.ints[at : at + len(self)]
