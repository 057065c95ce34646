"""Write a file whole or not at all; JSON that people may read."""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zoning.errors import not_written, os_reason


def write_whole(path: Path, content: str | bytes, *, over: bool = True) -> None:
    """Write `content` to `path` so that a reader sees the old file or the new one, never a part.

    Parameters
    ----------
    over
        Whether a file of this name is replaced; of two processes that may not, one writes and the other raises.

    Raises
    ------
    ContentError
        When the folder cannot be made, the disk is full, or a file may not be replaced; it is left as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    partial: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).chmod(0o644)
        if over:
            Path(partial).replace(path)
        else:
            os.link(partial, path)
            Path(partial).unlink()
    except OSError as error:
        if partial is not None:
            with contextlib.suppress(OSError):
                Path(partial).unlink()
        reason = os_reason(error)
        raise not_written(
            error,
            f"{path}：写入失败（{reason.zh}）；原有文件未改动",
            f"{path}: cannot be written ({reason.en}); what was there is unchanged",
        ) from error


def json_text(value: Any, default: Callable[[Any], Any] | None = None, *, allow_nan: bool = True) -> str:
    """Return a value as the JSON of everything that people may read; `default` makes of objects what JSON knows."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=default, allow_nan=allow_nan) + "\n"


def as_item(document: str) -> str:
    r"""Return a JSON document as it stands among others in an array: indented by 2, without an end of line.

    Only its own lines are indented: what splits lines of other texts (U+2028, U+0085) stands within its strings.

    >>> as_item('{\n  "name": "a\u2028b"\n}\n')
    '  {\n    "name": "a\u2028b"\n  }'
    """
    return "  " + document.rstrip("\n").replace("\n", "\n  ")


def appear(partial: Path, path: Path) -> None:
    """Let a file that was written beside `path` take its name: a reader sees the old file or the new one, never a part.

    For what is too large to be held, or is written by a library; `write_whole` does all of it for the rest.

    Raises
    ------
    OSError
        When it cannot be written to disk or moved.
    """
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(path)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder written to disk, where the system can do that.

    Raises
    ------
    OSError
        When the disk does not do it.
    """
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
