"""How numbers of a system that must not be measured in come into one that may."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoning.sites.where import PlacelessError
from zoning.texts import Text

Floats = NDArray[np.float64]
Move = Callable[[Floats], Floats]


class NotConvertibleError(PlacelessError):
    """Numbers that a conversion does not hold for, with the sentence that says so; the reader adds the place."""


@dataclass(frozen=True, slots=True, eq=False)
class Conversion:
    """A conversion of vertices.

    Attributes
    ----------
    title
        The system of the numbers in the file.
    near
        Code of a system in which the unconverted numbers lie within 2 km of the truth: enough to decide the axes.
    text
        What was done, for the verdict.
    accuracy_m
        What it adds to the positional error, metres, 95 %.
    move
        Vertices (n, 2), x east, y north, of the file -> those of the target; raises `NotConvertibleError`.
    bends
        Straight edges do not stay straight: how far they bend is added to the accuracy.
    """

    title: Text
    near: str
    text: Text
    accuracy_m: float
    move: Move
    bends: bool = False
