"""What the file system says of a file: as long as it says the same, the content is the same."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

_SECOND = 1_000_000_000
_COARSE_NS = 2 * _SECOND  # file systems that keep whole seconds; FAT keeps every other one
_FINE_NS = _SECOND // 20  # kernels stamp files with a clock that ticks every 1 to 10 ms


@dataclass(frozen=True, slots=True)
class FileState:
    """Size, times and inode of a file, as git keeps them.

    Attributes
    ----------
    changed_ns
        Time of the last change of content or inode (ctime): unlike the time of modification nobody can set it.
    """

    size: int
    modified_ns: int
    changed_ns: int
    inode: int

    @classmethod
    def of(cls, stat: os.stat_result) -> "FileState":
        """Return the state in the answer of `stat`."""
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)

    def settled(self, at_ns: int) -> bool:
        """Tell whether a change of the file after `at_ns` would show.

        A file that was changed within one tick of the file system's clock before it was read can be changed once more
        in the same tick, to the same size: its state then stays the same and its content does not.
        """
        newest = self.changed_ns
        if newest < self.modified_ns <= at_ns:
            newest = self.modified_ns
        whole_seconds = self.modified_ns % _SECOND == 0 and self.changed_ns % _SECOND == 0
        return newest + (_COARSE_NS if whole_seconds else _FINE_NS) < at_ns


def file_system_now_ns(folder: Path) -> int:
    """Return what time it is for the file system of a folder; for that of temporary files where nothing can be written.

    Raises
    ------
    OSError
        When no file can be made anywhere.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".now.", suffix=".partial", dir=folder)
    except OSError:
        with tempfile.TemporaryFile() as file:
            return os.fstat(file.fileno()).st_mtime_ns
    try:
        return os.fstat(handle).st_mtime_ns
    finally:
        os.close(handle)
        Path(name).unlink(missing_ok=True)
