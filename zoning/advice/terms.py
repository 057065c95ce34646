"""What advice is asked for: how far, how fine, what piece is of use. The defaults are the product's, not the law's."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["settled", "prohibitions", "known"]
"""What a place stays off. `settled`: all that prohibits or could prohibit, and land without data. `prohibitions`: all
that prohibits, and land without data; open questions are named. `known`: only what is known to prohibit."""

LEVELS: tuple[Level, ...] = ("settled", "prohibitions", "known")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the advice is asked for.

    Attributes
    ----------
    radius_m
        How far the site may be moved.
    resolution_m
        How exact the nearest place is: nothing is nearer by more than this.
    turn_step_deg
        Turns that are tried: all multiples of this. 0: none.
    piece_m2, piece_width_m
        Smaller or narrower pieces of the remainder are of no use.
    """

    radius_m: float = 5_000.0
    resolution_m: float = 1.0
    turn_step_deg: float = 15.0
    piece_m2: float = 10_000.0 / 15.0
    piece_width_m: float = 5.0
