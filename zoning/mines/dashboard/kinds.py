"""Colours and shapes of what the map is coloured by: both tell it, for paper without colour and for all eyes."""

from typing import Final

from zoning.mines.dashboard.content import Kind, Shape
from zoning.registers.types import Workflow
from zoning.texts import Text

UNKNOWN: Final = "unknown"
_RAMP = ("#5B3A22", "#8A5A36", "#B9814F", "#E0B96A", "#C9A227", "#A9C77A", "#6FAE6A", "#3E8E5A", "#1B5B3A")
"""From bare ground to wood: how far a thing has come."""

_SHAPES: tuple[Shape, ...] = (
    "circle",
    "square",
    "triangle",
    "diamond",
    "cross",
    "pentagon",
    "hexagon",
    "octagon",
    "star",
    "pointer",
)
_GREY = "#6B675F"


def not_known(word: Text) -> Kind:
    """Return the kind of what nobody has told: a hollow square."""
    return Kind(UNKNOWN, word, _GREY, "square", hollow=True)


def state_kinds(workflow: Workflow) -> tuple[Kind, ...]:
    """Return one kind for each state, in the order of the workflow."""
    last = max(len(workflow.states) - 1, 1)
    kinds = [
        Kind(name, state.title, _mixed(number / last), _SHAPES[number % len(_SHAPES)])
        for number, (name, state) in enumerate(workflow.states.items())
    ]
    return (*kinds, not_known(Text("状态不明", "state not known")))


def _mixed(part: float) -> str:
    """Return the colour at a part (0 to 1) of the ramp.

    >>> _mixed(0.0), _mixed(1.0), _mixed(1 / 16)
    ('#5B3A22', '#1B5B3A', '#724A2C')
    """
    place = part * (len(_RAMP) - 1)
    number = min(int(place), len(_RAMP) - 2)
    one, other = (_channels(_RAMP[index]) for index in (number, number + 1))
    mixed = (round(a + (b - a) * (place - number)) for a, b in zip(one, other, strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
