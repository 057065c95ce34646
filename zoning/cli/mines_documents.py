"""The JSON that one analysis of the mine desk writes and another takes: `works.json`, `mode.json`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from zoning.errors import ContentError, os_reason

Taken = TypeVar("Taken")


def from_parcels(path: Path, analysis: str, take: Callable[[list[Any]], Taken]) -> Taken:
    """Return what `take` makes of the parcels of a document.

    Raises
    ------
    ContentError
        When the file cannot be read, or is no document of `zoning mines ANALYSIS`.
    """
    try:
        return take(json.loads(path.read_text(encoding="utf-8"))["parcels"])
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(
            f"{path.name}：无法读取（{reason.zh}）", f"{path.name}: cannot be read ({reason.en})"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ContentError(
            f"{path.name}：不是 zoning mines {analysis} 写出的 {analysis}.json",
            f"{path.name}: this is no {analysis}.json of zoning mines {analysis}",
        ) from error
