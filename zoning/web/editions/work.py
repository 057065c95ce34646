"""What workers do for editions and rules; imported in the copy that does it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zoning.errors import ZoningError
from zoning.layers.formats import UnreadableError
from zoning.web.workers.tasks import Kept


def look(kept: Kept, told: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what a file holds; `told`: `file`, `name`. Returns `tables`, or `error` (zh, en)."""
    del kept
    from zoning.web.editions.contents import look_into
    from zoning.web.editions.unpacking import laid_out

    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        try:
            path = laid_out(Path(told["file"]), str(told["name"]), Path(folder))
            return {"tables": look_into(path)}
        except (ZoningError, UnreadableError) as error:
            return _refusal(error)


def convert(kept: Kept, told: Mapping[str, Any]) -> dict[str, Any]:
    """Write `edition.gpkg` with the fields and classes of a layer; see `zoning.web.editions.converting.converted`."""
    from zoning.web.editions.converting import converted
    from zoning.web.editions.unpacking import laid_out

    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        try:
            path = laid_out(Path(told["file"]), str(told["name"]), Path(folder))
            return converted(kept.workspace.catalogue, path, told["settings"], Path("edition.gpkg"))
        except (ZoningError, UnreadableError) as error:
            return _refusal(error)


def drawing(kept: Kept, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layer, or what changes in it, as outlines; see `zoning.web.editions.outlines`."""
    from zoning.web.editions.outlines import outlines, pieces

    try:
        return pieces(kept, told) if "pieces" in told else outlines(kept, told)
    except (ZoningError, UnreadableError) as error:
        return _refusal(error)


def _refusal(error: ZoningError | UnreadableError) -> dict[str, Any]:
    text = error.reason if isinstance(error, UnreadableError) else error.text
    return {"error": text.plain()}
