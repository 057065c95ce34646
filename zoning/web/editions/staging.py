"""A workspace as it would be with a new edition: links to what stays, the changed file, the new data.

It costs no room, and it is what is audited, compared and opened before anything of the real one is touched.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from zoning.errors import ContentError, not_written, os_reason
from zoning.workspace import MARKER, Workspace

LAYERS: Final = "layers"
_LEFT: Final = frozenset({".prepared", "register", "files", "state"})
"""Entries of a workspace that are no content."""


def stage(root: Path, target: Path, changed: Mapping[str, bytes], data: Mapping[str, Path]) -> Path:
    """Lay out a copy of a workspace; return its folder.

    Parameters
    ----------
    target
        Made anew; what was there goes.
    changed
        Name in `layers/` -> its new content.
    data
        Path below `layers/` -> the file that lies there.

    Raises
    ------
    ContentError
        When it cannot be written.
    """
    try:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for entry in sorted(root.iterdir()):
            is_content = entry.name == MARKER or (entry.is_dir() and not entry.name.startswith("."))
            if is_content and entry.name != LAYERS and entry.name not in _LEFT:
                _link(entry, target / entry.name)
        _stage_layers(root / LAYERS, target / LAYERS, changed, data)
    except OSError as error:
        why = os_reason(error)
        raise not_written(
            error,
            f"不能准备预览用的工作空间：{why.zh}",
            f"the workspace for the preview could not be made: {why.en}",
        ) from error
    return target


def _stage_layers(source: Path, target: Path, changed: Mapping[str, bytes], data: Mapping[str, Path]) -> None:
    target.mkdir()
    inside = {Path(name).parts[0] for name in data}
    for entry in sorted(source.iterdir()):
        if entry.name in changed:
            continue
        if entry.name in inside:
            (target / entry.name).mkdir()
            for one in sorted(entry.iterdir()):
                _link(one, target / entry.name / one.name)
        else:
            _link(entry, target / entry.name)
    for name, content in changed.items():
        (target / name).write_bytes(content)
    for name, file in data.items():
        place = target / name
        place.parent.mkdir(exist_ok=True)
        place.unlink(missing_ok=True)
        _link(file, place)


def _link(source: Path, target: Path) -> None:
    # The path as it is named: where a link leads may change while it is used.
    target.symlink_to(os.path.abspath(source))  # noqa: PTH100 - `resolve` would follow it


def demand_open(folder: Path) -> Workspace:
    """Open a staged workspace with its rules; return it.

    Raises
    ------
    ContentError
        With the mistakes, each with file and line as in the real workspace.
    """
    try:
        workspace = Workspace.open(folder)
        _ = workspace.rulebook
    except ContentError as error:
        there = f"{folder.as_posix()}/"
        raise ContentError(error.text.zh.replace(there, ""), error.text.en.replace(there, "")) from error
    return workspace
