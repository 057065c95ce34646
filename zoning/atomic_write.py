"""Write a file whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path

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
