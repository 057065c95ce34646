"""A file must stay as it is while it is read: half of one edition and half of another is none."""

from pathlib import Path

from zoning.errors import SiteError
from zoning.sites.where import Where

_State = dict[str, tuple[int, int, int]]
# Of formats that consist of several files, those that are read.
_PARTS = (
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".tab", ".dat", ".map", ".id", ".mif", ".mid", ".gdbtable", ".gdbtablx",
)  # fmt: skip


class Watch:
    """Remembers how a boundary file looks, with its parts beside it or in its folder.

    Other files may come and go there: locks, results.
    """

    def __init__(self, path: Path, where: Where) -> None:
        self._path, self._where = path, where
        self._state = self._seen()

    def check(self) -> None:
        """Compare with what was there at the beginning.

        Raises
        ------
        SiteError
            When size, time or identity of a file has changed.
        """
        try:
            now = self._seen()
        except OSError as error:
            raise self.changed() from error
        if now != self._state:
            raise self.changed()

    def changed(self) -> SiteError:
        """Return the error about a file that has changed."""
        return self._where.error(
            "读取过程中文件被修改或替换，已读的部分与其余部分可能不一致，已停止；请等文件写完后重新运行",
            "the file was changed or replaced while it was read, so what was read may not match the rest; stopped: "
            "run it again when the file is complete",
        )

    def _seen(self) -> _State:
        return {file.name: _look(file) for file in self._files()}

    def _files(self) -> list[Path]:
        path = self._path
        if path.is_dir():
            return [file for file in path.iterdir() if file.suffix.lower() in _PARTS]
        if path.suffix.lower() not in _PARTS:
            return [path]
        beside = (file for file in path.absolute().parent.iterdir() if file.suffix.lower() in _PARTS)
        return [file for file in beside if file.stem.lower() == path.stem.lower()]


def _look(file: Path) -> tuple[int, int, int]:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino
