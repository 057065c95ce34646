"""A situation of facts alone: for conditions that ask for no place."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from zoning.rules.facts import FactSheet
from zoning.rules.situation import Situation

DAY = date(2024, 1, 1)


def knowing(facts: Mapping[str, Any]) -> Situation:
    """Return a site of one hectare in no zone at all, of which these facts are known."""
    return Situation("t", 10_000.0, {}, {}, FactSheet(facts), DAY)
