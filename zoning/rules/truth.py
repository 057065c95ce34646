"""Three truth values (Kleene 1952), and answers that remember what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from zoning.texts import Text


class Truth(Enum):
    """Three truth values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """The answer to "does it hold here?", with the zone class that gave it.

    Attributes
    ----------
    overlap_m2, share, distance_m
        What was measured: square metres, share of the part of the site (0..1), metres.
    missing_layer
        The layer that would settle it, where the truth is unknown.
    """

    truth: Truth
    reason: Text
    layer: str | None = None
    class_id: str | None = None
    overlap_m2: float | None = None
    share: float | None = None
    distance_m: float | None = None
    missing_layer: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A truth value with what it rests on.

    Attributes
    ----------
    missing
        The facts that would settle it, when it is unknown.
    places
        The places that it rests on.
    """

    truth: Truth
    missing: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


TRUE = Answer(Truth.TRUE)
FALSE = Answer(Truth.FALSE)
_ORDER = {Truth.TRUE: 2, Truth.UNKNOWN: 1, Truth.FALSE: 0}


def both(answers: Sequence[Answer]) -> Answer:
    """All must be true: false wins over unknown."""
    false = [answer for answer in answers if answer.truth is Truth.FALSE]
    if false:
        return Answer(Truth.FALSE, (), _places(false))
    return _unknown_or(answers, Truth.TRUE)


def either(answers: Sequence[Answer]) -> Answer:
    """One must be true: true wins over unknown."""
    true = [answer for answer in answers if answer.truth is Truth.TRUE]
    if true:
        return Answer(Truth.TRUE, (), _places(true))
    return _unknown_or(answers, Truth.FALSE)


def negated(answer: Answer) -> Answer:
    """Turn the answer round; unknown stays unknown."""
    if answer.truth is Truth.UNKNOWN:
        return answer
    return Answer(Truth.FALSE if answer.truth is Truth.TRUE else Truth.TRUE, (), answer.places)


def strongest(places: Sequence[Place]) -> Place | None:
    """Return the place that a finding names: true before unknown before false, then the larger overlap."""
    return max(places, key=lambda place: (_ORDER[place.truth], place.overlap_m2 or 0.0), default=None)


def _unknown_or(answers: Sequence[Answer], otherwise: Truth) -> Answer:
    unknown = [answer for answer in answers if answer.truth is Truth.UNKNOWN]
    if not unknown:
        return Answer(otherwise, (), _places(answers))
    missing = dict.fromkeys(name for answer in unknown for name in answer.missing)
    return Answer(Truth.UNKNOWN, tuple(missing), _places(answers))


def _places(answers: Sequence[Answer]) -> tuple[Place, ...]:
    return tuple(place for answer in answers for place in answer.places)
