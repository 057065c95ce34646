"""Pairs of rules that pull in opposite directions and what holds between them: `rules/precedence.yaml`.

The strictest rule wins; for every such pair someone has to have seen it, and said why that is right here.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from zoning.mistakes import Mistake
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

_PAIR = 2


class Entry(Content):
    """Two rules, and why the stricter one rightly wins; with `against`, each of `rules` with each of those."""

    rules: Annotated[tuple[str, ...], Field(min_length=1)]
    against: tuple[str, ...] = ()
    because: Text

    @model_validator(mode="after")
    def _a_pair(self) -> "Entry":
        if not self.against and len(self.rules) != _PAIR:
            raise Mistake(
                Text(
                    "rules 须写两条规则，或另写 against",
                    "'rules' names two rules; where it names more or fewer, 'against' names the others",
                ),
                ("rules",),
            )
        return self

    def pairs(self) -> Iterator[frozenset[str]]:
        """Yield the pairs that the entry speaks of."""
        if not self.against:
            yield frozenset(self.rules)
        for one, other in product(self.rules, self.against):
            yield frozenset((one, other))

    def named(self) -> tuple[str, ...]:
        """Return all rules that the entry names."""
        return (*self.rules, *self.against)


class Precedence(Content):
    """All pairs that were looked at."""

    pairs: tuple[Entry, ...] = ()


def read_precedence(path: Path) -> Precedence:
    """Read `rules/precedence.yaml`; without the file there are no pairs.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, Precedence) if path.exists() else Precedence()
