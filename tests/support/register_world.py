"""A kind of register made up for the tests, stores of it in a file or on a server, and what people do to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import shapely

from zoning.registers.store import Change, Register, Stamp, Store, open_store
from zoning.registers.types import RegisterType

KIND = "pits"
NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
STATES = ("found", "surveyed", "planned", "works", "done", "closed")
STEPS: dict[tuple[str, str], frozenset[str]] = {
    ("found", "surveyed"): frozenset(),
    ("surveyed", "planned"): frozenset(),
    ("planned", "works"): frozenset({"evidence"}),
    ("works", "done"): frozenset({"evidence"}),
    ("done", "closed"): frozenset(),
    ("surveyed", "found"): frozenset({"back"}),
    ("planned", "surveyed"): frozenset({"back"}),
    ("done", "works"): frozenset({"back", "evidence"}),
    ("found", "closed"): frozenset({"evidence"}),
}
PIT = shapely.box(112.40, 35.48, 112.41, 35.49)
OTHER = shapely.box(112.50, 35.48, 112.51, 35.49)


def text(word: str) -> dict[str, str]:
    """Return a title that is the same in both languages."""
    return {"zh": word, "en": word}


def pits(**changes: Any) -> RegisterType:
    """Return the made-up type."""
    stated: dict[str, Any] = {
        "id": KIND,
        "title": {"zh": "矿坑", "en": "pits"},
        "item": {"zh": "矿坑", "en": "pit"},
        "shape": "area",
        "id_field": "NO",
        "name_field": "NAME",
        "territory_field": "COUNTY",
        "source": text("made up"),
        "fields": {
            "NO": {"title": text("number"), "required": True},
            "NAME": {"title": text("name")},
            "COUNTY": {"title": text("county")},
            "AREA": {"title": text("area"), "kind": "number", "minimum": 0, "maximum": 1000, "unit": "ha"},
            "YEAR": {"title": text("year"), "kind": "integer"},
            "SEEN": {"title": text("seen"), "kind": "date"},
            "WET": {"title": text("wet"), "kind": "flag"},
            "CLASS": {
                "title": text("class"),
                "kind": "code",
                "codes": {c: {"title": text(f"class {c}")} for c in "AB"},
            },
            "SUB": {
                "title": text("subclass"),
                "kind": "code",
                "parent": "CLASS",
                "codes": {
                    "a1": {"title": text("first of A"), "under": ["A"]},
                    "b1": {"title": text("first of B"), "under": ["B"]},
                    "x": {"title": text("any"), "under": []},
                },
            },
            "HARM": {
                "title": text("harm"),
                "kind": "codes",
                "codes": {c: {"title": text(f"harm {c}")} for c in ("1", "2", "3")},
            },
        },
        "workflow": {
            "initial": "found",
            "states": {
                state: {"title": {"zh": f"{state}态", "en": state}, "final": state == "closed"} for state in STATES
            },
            "transitions": [
                {"from": source, "to": target, "back": "back" in asks, "evidence": "evidence" in asks}
                for (source, target), asks in STEPS.items()
            ],
        },
        "deadlines": {
            "all": {"title": text("all done"), "reach": "done", "by": "2026-12-31", "warn_days": 300},
            "county": {
                "title": text("county"),
                "reach": "planned",
                "by": "2026-03-01",
                "territories": ["140522"],
                "values": {"CLASS": ["A"]},
            },
            "after": {"title": text("after works"), "reach": "done", "days_after": {"works": 30}, "warn_days": 10},
        },
    }
    return RegisterType.model_validate(stated | changes)


TYPES = {KIND: pits()}


@contextmanager
def opened(address: str, files: Path, *, create: bool = True) -> Iterator[tuple[Store, Register]]:
    """Open the store of an address with the made-up type."""
    with open_store(address, TYPES, create=create, files=files) as store:
        yield store, store.register(KIND)


def by(actor: str = "张三", note: str = "", at: datetime = NOW) -> Stamp:
    """Return a stamp."""
    return Stamp(actor, at, note)


def new(number: str, **changes: Any) -> Change:
    """Return a new pit in 阳城县."""
    values = changes.pop("values", {})
    stated: dict[str, Any] = {
        "name": f"pit {number}",
        "territory": "140522",
        "geometry": PIT,
        "since": date(2026, 1, 5),
    }
    return Change(number, values=values, **(stated | changes))
