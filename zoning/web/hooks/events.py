"""The events that other systems can be told of, and what is said of each: ids and decisions, never a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from zoning.texts import Text

EventName = Literal["case.decided", "case.notice", "edition.activated", "check.done", "hook.test"]
Told = str | int | bool | None

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class About:
    """What an event is called and what may be said of it."""

    title: Text
    keys: frozenset[str]


EVENTS: Final[Mapping[EventName, About]] = {
    "case.decided": About(
        Text("案件已办结", "a case was decided"),
        frozenset({"case", "version", "state", "decision", "day", "verdict", "document", "overridden"}),
    ),
    "case.notice": About(
        Text("案件结论有变，须复核", "a case comes out otherwise and has to be looked at again"),
        frozenset({"case", "number", "before", "after", "layer", "edition", "rule", "document"}),
    ),
    "edition.activated": About(
        Text("图层新版本已启用", "an edition of a layer went live"),
        frozenset({"layer", "edition", "valid_from", "sha256", "rolled_back"}),
    ),
    "check.done": About(Text("一次检查已完成", "a check was done"), frozenset({"check", "state", "decision", "day"})),
    "hook.test": About(Text("试发", "a trial"), frozenset({"hook"})),
}
CHOICES: Final[tuple[EventName, ...]] = tuple(name for name in get_args(EventName) if name != "hook.test")
"""What a hook can ask for."""


def check_payload(event: EventName, payload: Mapping[str, Told]) -> None:
    """Refuse what an event does not say: a name or a telephone number cannot get into a message by mistake.

    Raises
    ------
    ValueError
        For a key that is not listed in `EVENTS`, and for a value that is no short text, whole number or flag.
    """
    allowed = EVENTS[event].keys
    for key, value in payload.items():
        if key not in allowed:
            raise ValueError(key)
        if value is not None and not isinstance(value, str | int | bool):
            raise ValueError(key)
        if isinstance(value, str) and len(value) > _LONGEST:
            raise ValueError(key)
