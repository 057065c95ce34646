"""What decides the results of a batch, as digests: parts of two runs may only be put together when all are equal."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyproj
import shapely

from zoning.layers.catalogue import Catalogue, Edition
from zoning.layers.digests import content_sha256, file_sha256
from zoning.layers.reader import LayerStore, Unavailable
from zoning.overlay.source import LayerSource
from zoning.rules.assemble import PROGRAM
from zoning.rules.told import Told
from zoning.settings import settings_digest
from zoning.texts import Text
from zoning.workspace import Workspace

_LAYER = "layer "
NOWHERE = (0.0, 0.0, 1e-6, 1e-6)
"""A window without zones: whoever reads it learns whether a layer can be read at all."""
_NAMES = {
    "file": Text("边界文件", "the boundary file"),
    "name": Text("边界文件的名称", "the name of the boundary file"),
    "reading": Text("读取边界文件的选项", "the options for reading the boundary file"),
    "facts": Text("项目事实", "the facts"),
    "day": Text("按哪一天核查（--on）", "the day of the check (--on)"),
    "workspace": Text("工作空间的 zoning.yaml", "zoning.yaml of the workspace"),
    "rules": Text("规则", "the rules"),
    "program": Text("程序或所用库的版本", "the version of the program or its libraries"),
    "output": Text("输出选项", "the options for the output"),
}
_BESIDE = {".tab": (".dat", ".map", ".id", ".ind"), ".mif": (".mid",)}


def identity_of(
    workspace: Workspace,
    *,
    file: Path,
    on: date,
    told: Told,
    reading: Mapping[str, object],
    output: Mapping[str, object],
) -> dict[str, str]:
    """Return the digest of each thing that decides, by its name.

    Parameters
    ----------
    reading, output
        Options as plain values.
    """
    return {
        "file": boundary_sha256(file),
        # Rows and verdicts name it.
        "name": file.name,
        "reading": content_sha256(reading),
        "facts": content_sha256(
            {"common": told.common, "single": told.single, "options": told.options, "where": told.where}
        ),
        "day": on.isoformat(),
        **workspace_identity(workspace, on),
        "program": f"{PROGRAM}, GEOS {shapely.geos_version_string}, PROJ {pyproj.proj_version_str}",
        "output": content_sha256(output),
    }


def workspace_identity(workspace: Workspace, on: date) -> dict[str, str]:
    """Return the digests of settings, rules and layers of a workspace, files read as they are now."""
    catalogue = workspace.catalogue
    store = LayerStore(catalogue)
    stated = settings_digest(workspace.settings, catalogue)
    layers = {layer_name(name): _layer_sha256(store, catalogue, name, on) for name in catalogue.layers}
    return {"workspace": stated, "rules": workspace.rulebook.sha256, **layers}


def layer_now(catalogue: Catalogue, layer_id: str, on: date) -> str:
    """Return the digest of a layer as it is now.

    Raises
    ------
    OSError
        When its file is there and cannot be read.
    """
    return _layer_sha256(LayerStore(catalogue), catalogue, layer_id, on)


def _layer_sha256(store: LayerStore, catalogue: Catalogue, name: str, on: date) -> str:
    found = catalogue[name].edition_on(on)
    data = None if found is None else _edition_sha256(store, name, found[1], on)
    return layer_identity(store.definition_sha256(name), data)


def layer_identity(definition_sha256: str, data_sha256: str | None) -> str:
    """Return the digest of a layer: of what its file says, and of its data; None where there are none."""
    return content_sha256({"definition": definition_sha256, "data": data_sha256})


def has_data(identity: Mapping[str, str], layer_id: str, source: LayerStore | LayerSource) -> bool:
    """Tell whether a layer had data when the identity was taken."""
    return identity[layer_name(layer_id)] != layer_identity(source.definition_sha256(layer_id), None)


def layer_name(layer_id: str) -> str:
    """Return the name of a layer among all that decides."""
    return f"{_LAYER}{layer_id}"


def _edition_sha256(store: LayerStore, name: str, edition: Edition, on: date) -> str | None:
    if edition.file is None:
        # The database works out the digest of the whole table, whatever window it is asked for.
        window = store.read_window(name, on=on, bounds=NOWHERE)
        return None if isinstance(window, Unavailable) else window.sha256
    path = store.path(edition.file)
    return store.sha256(path) if path.exists() else None


def boundary_sha256(file: Path) -> str:
    """Return the digest of a boundary file with the files that belong to it."""
    beside = [file.with_suffix(suffix) for suffix in _BESIDE.get(file.suffix.lower(), ())]
    beside += [file.with_suffix(suffix.upper()) for suffix in _BESIDE.get(file.suffix.lower(), ())]
    parts = {part.name: file_sha256(part) for part in beside if part.is_file()}
    return content_sha256({"file": file_sha256(file), "beside": parts}) if parts else file_sha256(file)


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Text, ...]:
    """Return what differs between two runs, in words."""
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return tuple(_named(name) for name in names)


def _named(name: str) -> Text:
    if name.startswith(_LAYER):
        layer = name.removeprefix(_LAYER)
        return Text(f"图层 {layer}", f"layer {layer}")
    return _NAMES.get(name, Text(name, name))
