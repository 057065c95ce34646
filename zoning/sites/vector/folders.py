"""A folder of shapefiles: the only one in it, or the one that the user names."""

from dataclasses import replace
from pathlib import Path

from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.vector.choosing import choose, listed
from zoning.sites.vector.shapefile import read_shapefile
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
    names = sorted(_names(path, options, where))
    shapes = {Path(name).stem: name for name in names if name.lower().endswith(".shp")}
    stated = None if options.layer is None else options.layer.removesuffix(".shp")
    stem = choose(list(shapes), stated, where)
    file = path / shapes[stem]
    _refuse_links(file, where)
    inner = Where(f"{where.file}/{file.name}")
    raw = read_shapefile(file, options, inner)
    return replace(raw, warnings=(*raw.warnings, *_unread(names, file.name, where)), file=inner.file)


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
