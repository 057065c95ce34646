"""Files of editions: what came in, what was made of it, what lies in the workspace."""

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from zoning.atomic_write import sync_folder
from zoning.errors import ContentError, not_written, os_reason
from zoning.registers.files import Copy, digest_of, keep_copy
from zoning.web.server import Server


def keep_bytes(server: Server, name: str, content: bytes) -> Copy:
    """Keep a content among the files; return its copy.

    Raises
    ------
    ContentError
        When it cannot be written, or a copy that is there has been damaged.
    UsageError
        When the server has no folder of files.
    """
    with tempfile.TemporaryDirectory(prefix="zoning-", dir=server.folder("uploads")) as folder:
        path = Path(folder) / name
        try:
            path.write_bytes(content)
        except OSError as error:
            raise _not_written(path.name, error) from error
        return keep_copy(server.settings.files, path)


def kept_bytes(server: Server, sha256: str, suffix: str) -> bytes:
    """Return a content that was kept.

    Raises
    ------
    ContentError
        When it is not there, or has been damaged.
    """
    path = server.settings.files / sha256[:2] / f"{sha256}{suffix}"
    try:
        content = path.read_bytes()
    except OSError as error:
        why = os_reason(error)
        raise ContentError(
            f"保存的文件 {path.name} 无法读取：{why.zh}", f"the kept file {path.name} cannot be read: {why.en}"
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ContentError(f"保存的文件 {path.name} 已损坏", f"the kept file {path.name} is damaged")
    return content


def put_data(source: Path, target: Path, sha256: str) -> None:
    """Copy the data of an edition into the workspace, whole or not at all; what lies there is never replaced.

    Raises
    ------
    ContentError
        When it cannot be written, another file lies there, or the bytes are not those that were kept.
    """
    if target.exists():
        if digest_of(target) != sha256:
            raise ContentError(
                f"layers/data 中已有另一个 {target.name}，没有覆盖", f"layers/data holds another {target.name} already"
            )
        return
    partial: str | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file, source.open("rb") as data:
            shutil.copyfileobj(data, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        if digest_of(Path(partial)) != sha256:
            raise ContentError(
                "保存的数据文件已损坏，没有启用", "the kept data are damaged: nothing was put into force"
            )
        Path(partial).chmod(0o644)
        Path(partial).replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise _not_written(target.name, error) from error
    finally:
        if partial is not None:
            with contextlib.suppress(OSError):
                Path(partial).unlink(missing_ok=True)


def _not_written(name: str, error: OSError) -> ContentError:
    why = os_reason(error)
    return not_written(
        error,
        f"{name}：写入失败（{why.zh}）；什么都没有改变",
        f"{name}: cannot be written ({why.en}); nothing was changed",
    )


def _not_put_back(path: Path, error: OSError) -> ContentError:
    name, why = f"{path.parent.name}/{path.name}", os_reason(error)
    return not_written(
        error,
        f"{name} 已改写为新内容，没有能改回（{why.zh}）；台账还没有记下，稍后会按文件自动补记，"
        "请勿重做，稍后到该版本的页面核对",
        f"{name} has its new content and could not be put back ({why.en}); the register does not say so yet and "
        "follows by itself. Do not do it again; look at the page of the edition in a moment",
    )


class Replacement:
    """A file with new content, ready to take the place of another one; nothing more is written when it does.

    Raises
    ------
    ContentError
        When the content cannot be written beside the file.
    """

    def __init__(self, path: Path, content: bytes) -> None:
        self._path = path
        token = secrets.token_hex(6)
        self._new = path.with_name(f".{path.name}.new-{token}")
        self._old = path.with_name(f".{path.name}.old-{token}")
        self._is_made = False
        try:
            with self._new.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._new.chmod(path.stat().st_mode & 0o777)
            self._keep_old()
        except OSError as error:
            self.clear()
            raise _not_written(path.name, error) from error

    def _keep_old(self) -> None:
        try:
            os.link(self._path, self._old)
        except OSError:
            # Some drives of networks know no links.
            shutil.copyfile(self._path, self._old)

    def make(self) -> None:
        """Replace the file.

        Raises
        ------
        ContentError
            When the file cannot be replaced, or the disk does not keep it: `undo` puts it back then.
        """
        try:
            self._new.replace(self._path)
            self._is_made = True
            sync_folder(self._path.parent)
        except OSError as error:
            raise _not_written(self._path.name, error) from error

    def undo(self) -> None:
        """Put the file back, where it was replaced.

        Raises
        ------
        ContentError
            When that cannot be done: the file is the new one then, and the register has yet to follow it.
        """
        if self._is_made:
            try:
                self._old.replace(self._path)
            except OSError as error:
                raise _not_put_back(self._path, error) from error
            self._is_made = False
            with contextlib.suppress(OSError):
                sync_folder(self._path.parent)

    def clear(self) -> None:
        """Remove what was laid ready."""
        for path in (self._new, self._old):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def clear_left(path: Path) -> None:
    """Remove what a replacement of a file has left that was ended in the middle."""
    for kind in ("new", "old"):
        for left in path.parent.glob(f".{path.name}.{kind}-*"):
            with contextlib.suppress(OSError):
                left.unlink()
