"""What every peer does: load layers, take sites, overlay, find the nearest."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.province.files import Province

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class MissingError(Exception):
    """The peer is not installed; the message says what would install it."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Every pair of a site and a zone of one layer with a common point, ordered by site, then zone.

    Attributes
    ----------
    sites, zones
        (n,) their numbers.
    areas_m2
        (n,) what they have in common; 0 where they only touch, and for lines.
    """

    sites: Whole
    zones: Whole
    areas_m2: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Every site with a zone of one layer within the limit, and the distance of the nearest in the plane, metres."""

    sites: Whole
    distances_m: Floats


class Peer(Protocol):
    """One way to overlay."""

    def load(self, province: Province) -> None:
        """Read all layers, index them, keep them ready."""

    def take(self, province: Province, count: int) -> None:
        """Read so many sites."""

    def overlay(self) -> dict[str, Pairs]:
        """Overlay all sites with all layers, by name."""


class NearestPeer(Peer, Protocol):
    """One that also finds the nearest zone."""

    def nearest(self, limit_m: float) -> dict[str, Near]:
        """Find the nearest zone of each layer for every site."""


class SinglePeer(Peer, Protocol):
    """One that answers for one site at a time in the same process, as a person waits for it."""

    def one(self, site: int) -> None:
        """Overlay one of the sites with all layers."""


def ordered(sites: Whole, zones: Whole, areas_m2: Floats) -> Pairs:
    """Return pairs in order, the parts of a pair added up."""
    key = sites.astype(np.int64) << 32 | zones.astype(np.int64)
    keys, pair = np.unique(key, return_inverse=True)
    areas = np.bincount(pair, weights=areas_m2, minlength=len(keys)).astype(np.float64)
    return Pairs(keys >> 32, keys & 0xFFFFFFFF, areas)
