"""A shapefile as the files that it consists of, where no archive is wanted: layers are read that way."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

_PARTS = (".cpg", ".dbf", ".prj", ".shx", ".shp")


def parts_of(path: Path) -> list[Path]:
    """Return the files of a shapefile, the `.shp` last: when it is there, the others are.

    >>> [part.name for part in parts_of(Path("a.SHP"))]
    ['a.cpg', 'a.dbf', 'a.prj', 'a.shx', 'a.SHP']
    """
    return [path if suffix == ".shp" else path.with_suffix(suffix) for suffix in _PARTS]


def unpacked(path: Path, archive: bytes) -> Iterator[tuple[Path, bytes]]:
    """Yield the files in an archive that `write_shapefile` has made, under the name of a `.shp`, which comes last."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        contents = {Path(name).suffix: packed.read(name) for name in packed.namelist()}
    for part in parts_of(path):
        content = contents.get(part.suffix.lower())
        if content is not None:
            yield part, content
