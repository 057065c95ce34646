"""A folder of shapefiles: the only one in it, or the one that the user names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.vector.choosing import choose, listed
from zoning.sites.vector.layer_slices import LayerSlices
from zoning.sites.vector.shapefile import read_shapefile, sliced_shapefile
from zoning.sites.where import Where
from zoning.texts import Text

_OTHERS = (
    ".gdb", ".gpkg", ".geojson", ".kml", ".kmz", ".gml", ".dxf", ".dwg", ".vct", ".tab", ".mif", ".fgb", ".parquet",
    ".zip", ".rar", ".txt", ".xlsx", ".csv",
)  # fmt: skip


def read_shapefile_folder(path: Path, options: Options) -> RawFile:
    """Read the shapefile of a folder; `--layer` chooses by name without suffix.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    found = _found(path, options, where)
    raw = read_shapefile(found.file, options, found.where)
    return replace(raw, warnings=(*raw.warnings, *found.unread), file=found.where.file)


@contextmanager
def sliced_shapefile_folder(path: Path, options: Options) -> Iterator[LayerSlices]:
    """Open the shapefile of a folder, to read its records in slices.

    Raises
    ------
    SiteError, CRSError
    """
    found = _found(path, options, Where(path.name or str(path)))
    with sliced_shapefile(found.file, options, found.where) as slices:
        head = replace(slices.head, warnings=(*slices.head.warnings, *found.unread), file=found.where.file)
        yield replace(slices, head=head)


@dataclass(frozen=True, slots=True)
class _Found:
    """The shapefile that is read, and what is said of the other files."""

    file: Path
    where: Where
    unread: tuple[Text, ...]


def _found(path: Path, options: Options, where: Where) -> _Found:
    names = sorted(_names(path, options, where))
    shapes = {Path(name).stem: name for name in names if name.lower().endswith(".shp")}
    stated = None if options.layer is None else options.layer.removesuffix(".shp")
    file = path / shapes[choose(list(shapes), stated, where)]
    _refuse_links(file, where)
    return _Found(file, Where(f"{where.file}/{file.name}"), tuple(_unread(names, file.name, where)))


def _names(path: Path, options: Options, where: Where) -> list[str]:
    names: list[str] = []
    for entry in path.iterdir():
        if len(names) == options.limits.members:
            raise where.error(
                f"文件夹内的文件超过 {options.limits.members} 个；请指定其中的 .shp 文件",
                f"the folder holds more than {options.limits.members} files; give the .shp in it",
            )
        names.append(entry.name)
    return names


def _refuse_links(shp: Path, where: Where) -> None:
    for entry in shp.parent.iterdir():
        if entry.stem.lower() == shp.stem.lower() and entry.is_symlink():
            raise where.error(
                f"其中的 {entry.name} 是链接，不是文件；请提供文件本身",
                f"{entry.name} in it is a link, not a file; give the file itself",
            )


def _unread(names: list[str], read: str, where: Where) -> list[Text]:
    others = [name for name in names if Path(name).suffix.lower() in _OTHERS]
    if not others:
        return []
    there = listed(others)
    return [
        where.sentence(
            f"读取了 {read}，文件夹内其他可能有坐标的文件未读取：{there.zh}",
            f"{read} was read; other files in the folder that may hold coordinates were not: {there.en}",
        )
    ]
