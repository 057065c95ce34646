"""Pairs of rules that pull in opposite directions and what holds between them: `rules/precedence.yaml`.

The strictest rule wins; for every such pair someone has to have seen it, and said why that is right here.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from zoning.texts import Text
from zoning.yaml_files import read_model


class Pair(BaseModel):
    """Two rules, and why the stricter one rightly wins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    because: Text


class Precedence(BaseModel):
    """All pairs that were looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pairs: tuple[Pair, ...] = ()


def read_precedence(path: Path) -> Precedence:
    """Read `rules/precedence.yaml`; without the file there are no pairs.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, Precedence) if path.exists() else Precedence()
