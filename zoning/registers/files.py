"""Copies of photos and documents in a folder beside the register, each under the SHA-256 of its bytes.

A copy is written whole or not at all and never overwritten; the same bytes are kept once. The row in the register is
written afterwards: after a crash there may be a copy without a row, never a row without its copy.
"""

import contextlib
import hashlib
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zoning.atomic_write import sync_folder
from zoning.errors import ContentError, UsageError, not_written, os_reason

_PIECE = 1 << 20
_INCOMING = ".incoming-"
_DAY_S = 24 * 3600.0
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that lies in the folder: what it was called, its digest and size (bytes), where it lies."""

    name: str
    sha256: str
    size: int
    path: str


def keep_copy(folder: Path | None, source: Path) -> Copy:
    """Copy a file into the folder, unless it is there already.

    Raises
    ------
    UsageError
        When the register has no folder, or `source` is no file.
    ContentError
        When it cannot be read or written, or the copy that is there has been damaged.
    """
    if folder is None:
        raise UsageError(
            "台账在数据库中，须指明存放附件的文件夹（--files）",
            "the register is in a database: say in which folder attachments are kept (--files)",
        )
    try:
        return _kept(folder, source)
    except OSError as error:
        why = os_reason(error)
        raise not_written(
            error, f"附件 {source} 没有保存：{why.zh}", f"the attachment {source} was not kept: {why.en}"
        ) from error


def _kept(folder: Path, source: Path) -> Copy:
    # A pipe would be waited for for ever, a folder has no bytes.
    if not stat.S_ISREG(source.stat().st_mode):
        raise UsageError(f"附件 {source} 不是文件", f"the attachment {source} is no file")
    with source.open("rb") as file:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=_INCOMING, dir=folder)
        try:
            with os.fdopen(handle, "wb") as target:
                digest, size = _copied(file, target)
            suffix = source.suffix.lower()
            path = f"{digest[:2]}/{digest}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
            _settle(folder, Path(temporary), folder / path, digest)
        finally:
            Path(temporary).unlink(missing_ok=True)
    return Copy(source.name, digest, size, path)


def clear_incoming(folder: Path) -> None:
    """Remove what writers that were killed have left in the folder; what cannot be removed stays.

    A copy that is being written is younger than the last change of the folder, or hardly older.
    """
    with contextlib.suppress(OSError):
        latest = folder.stat().st_mtime
        for left in folder.glob(f"{_INCOMING}*"):
            with contextlib.suppress(OSError):
                if left.lstat().st_mtime < latest - _DAY_S:
                    left.unlink()


def _copied(file: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        target.write(piece)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest(), size


def _settle(folder: Path, temporary: Path, path: Path, digest: str) -> None:
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        if digest_of(path) != digest:
            name = path.relative_to(folder)
            raise ContentError(
                f"{folder} 中的附件 {name} 已损坏（内容与摘要不符），没有覆盖；请从备份恢复",
                f"the attachment {name} in {folder} is damaged (its bytes are not those of its digest) and was not "
                "overwritten: bring it back from a copy",
            )
        return
    temporary.chmod(0o444)
    temporary.replace(path)
    sync_folder(path.parent)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
