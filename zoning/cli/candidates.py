"""Files that stand in for an edition before they are registered: what was just drawn is audited or compared first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.errors import UsageError

if TYPE_CHECKING:
    from zoning.layers.catalogue import Layer
    from zoning.workspace import Workspace

_SAME_DAY = date(1900, 1, 1)


def with_candidates(workspace: "Workspace", named: Sequence[str], territories: Sequence[str] = ()) -> "Workspace":
    """Return the workspace with files in place of the editions of some layers.

    Parameters
    ----------
    named
        `LAYER=FILE` each.
    territories
        Codes of those that the files are complete for; empty: what the layer says.

    Raises
    ------
    UsageError
        When one of them is not written so, the workspace has no such layer, or there is no such file.
    """
    from zoning.cli.layers import find_layer
    from zoning.layers.catalogue import Coverage

    layers = dict(workspace.catalogue.layers)
    for text in named:
        name, sign, file = text.partition("=")
        if not sign or not name or not file:
            raise UsageError(
                f"--with：“{text}”应写成 图层=文件，如 management-units=成果/140522/management-units.gpkg",
                f"--with: write '{text}' as LAYER=FILE, such as management-units=made/140522/management-units.gpkg",
            )
        layer = standing_in(find_layer(workspace, name), Path(file))
        if territories:
            layer = layer.model_copy(update={"coverage": Coverage(territories=tuple(territories))})
        layers[name] = layer
    return replace(workspace, catalogue=replace(workspace.catalogue, layers=layers))


def standing_in(layer: "Layer", path: Path) -> "Layer":
    """Return a layer whose only edition is a file, with the classes and fields of the layer.

    Raises
    ------
    UsageError
        When there is no such file.
    """
    from zoning.layers.catalogue import Edition

    if not path.exists():
        raise UsageError(f"文件不存在：{path}", f"there is no file {path}")
    edition = Edition(file=str(path.resolve()), table=_table(path, layer), valid_from=_SAME_DAY)
    return layer.model_copy(update={"editions": {path.stem: edition}})


def _table(path: Path, layer: "Layer") -> str | None:
    """Return the table of a file with several that the layer's own editions name; None: the only one."""
    import pyogrio

    try:
        names = [str(row[0]) for row in pyogrio.list_layers(path)]
    except Exception:  # noqa: BLE001 - what is wrong with the file is said when it is read
        return None
    named = [edition.table for edition in layer.editions.values() if edition.table in names]
    return named[-1] if len(names) > 1 and named else None
