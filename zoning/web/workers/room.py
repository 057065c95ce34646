"""How much room files take. Links are not followed, what vanishes meanwhile is left out."""

import os
from collections.abc import Iterator
from pathlib import Path


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(size for _, size in plain_files(folder))


def plain_files(home: Path) -> Iterator[tuple[Path, int]]:
    """Yield the plain files below a folder with their sizes; what vanishes meanwhile is left out."""
    waiting = [home]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), entry.stat(follow_symlinks=False).st_size
            except OSError:
                continue
