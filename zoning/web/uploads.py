"""What people hand in, between the request and the kept files: folders that go afterwards, names that do no harm."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile

from zoning.errors import UsageError
from zoning.registers.files import Copy, keep_copy
from zoning.registers.register import Register
from zoning.web.access import Who
from zoning.web.server import Server

_LONGEST_BYTES: Final = 200
"""File systems take 255, and results are named after their input."""


def plain_name(name: str, otherwise: str = "upload") -> str:
    r"""Return the name of a file without its folder, without signs that do not print, neither hidden nor too long.

    A name that is too long loses the end of its stem.

    >>> plain_name("../../etc/passwd"), plain_name("C:\\项目\\地块.shp"), plain_name("..")
    ('passwd', '地块.shp', 'upload')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    while len(plain.encode()) > _LONGEST_BYTES:
        stem, dot, suffix = plain.rpartition(".")
        plain = f"{stem[:-1]}{dot}{suffix}" if stem else plain[1:]
    return plain or otherwise


@contextmanager
def upload_folder(server: Server) -> Iterator[Path]:
    """Give a folder for what is being handed in; it goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="zoning-upload-", dir=server.folder("uploads")) as folder:
        yield Path(folder)


def write_upload(upload: UploadFile, folder: Path) -> Path:
    """Write an uploaded file into a folder under its own name; return where it lies."""
    path = folder / plain_name(upload.filename or "")
    with path.open("wb") as target:
        shutil.copyfileobj(upload.file, target, 1 << 20)
    return path


@contextmanager
def kept_uploads(server: Server, files: Sequence[UploadFile]) -> Iterator[list[Path]]:
    """Give uploaded files under their own names in a folder that goes afterwards."""
    with upload_folder(server) as folder:
        paths = []
        for number, file in enumerate(files):
            home = folder / str(number)
            home.mkdir()
            paths.append(write_upload(file, home))
        yield paths


def attach_documents(server: Server, register: Register, record: str, files: Sequence[UploadFile], who: Who) -> None:
    """Attach uploaded documents to a record; what is there already stays.

    Raises
    ------
    UsageError
        When there is no file.
    """
    if not files:
        raise UsageError("请选择文件", "choose a file")
    with kept_uploads(server, files) as paths:
        for path in paths:
            register.attach(record, path, "document", None, server.stamp(who))


def keep_upload(server: Server, file: UploadFile) -> Copy:
    """Keep one uploaded file among the files of the server.

    Raises
    ------
    UsageError, ContentError
        When it cannot be kept, see `zoning.registers.files.keep_copy`.
    """
    with kept_uploads(server, [file]) as paths:
        return keep_copy(server.settings.files, paths[0])
