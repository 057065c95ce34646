"""Before tables of an earlier version are brought up to date: a copy of them, and a sentence that says so."""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from zoning.errors import ContentError
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Tables that were brought up to date.

    Attributes
    ----------
    name
        What sentences call the register.
    before, after
        Revision of the tables.
    copy
        The register as it was; None for a database.
    """

    name: str
    before: str
    after: str
    copy: Path | None

    @property
    def text(self) -> Text:
        """What was done, in one sentence."""
        kept = Text("", "") if self.copy is None else Text(f"；原样副本：{self.copy}", f"; as it was: {self.copy}")
        return Text(
            f"{self.name}：表结构已从 {self.before} 升级到 {self.after}，记录与日志未变{kept.zh}；"
            "早先版本的程序不再能打开它",
            f"{self.name}: its tables were brought from {self.before} to {self.after}, records and log are unchanged"
            f"{kept.en}; earlier versions of the program no longer open it",
        )


def copy_before_upgrade(path: Path, revision: str) -> Path:
    """Copy an SQLite register beside itself under a free name, whole or not at all; return where the copy lies.

    Raises
    ------
    ContentError
        When it cannot be copied: then the register is not brought up to date either.
    """
    partial = path.with_name(f".{path.stem}.tables-{revision}.{os.getpid()}.partial")
    try:
        _copy(path, partial)
        partial.chmod(path.stat().st_mode & 0o777)
        name = _reserved(path, revision)
        partial.replace(name)
    except (sqlite3.Error, OSError) as error:
        raise ContentError(
            f"{path}：升级前无法在旁边留存副本（{error}），没有升级，台账保持原样；请腾出空间或取得写入该文件夹的权限",
            f"{path}: no copy can be kept beside it ({error}), so its tables were not brought up to date and it is as "
            "it was: make room, or get the right to write in that folder",
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return name


def _copy(path: Path, target: Path) -> None:
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    # It is held by the one who upgrades: nobody else writes meanwhile.
    with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous = EXTRA")
        source.backup(copy)


def _reserved(path: Path, revision: str) -> Path:
    """Return a name that nobody else has: an empty file, which the copy replaces. An earlier copy stays."""
    for number in count(1):
        more = "" if number == 1 else f"-{number}"
        name = path.with_name(f"{path.stem}.tables-{revision}{more}{path.suffix}")
        with suppress(FileExistsError):
            name.touch(exist_ok=False)
            return name
    raise AssertionError
