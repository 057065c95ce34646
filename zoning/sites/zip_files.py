"""Archives: one shapefile or one KML is unpacked under names of our own into a private folder that is removed again."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from zoning.errors import SiteError
from zoning.sites.limits import Limits, Options
from zoning.sites.where import Where

_ARCHIVES = (".zip", ".kmz", ".rar", ".7z", ".gz", ".tar")
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_RATIO_FROM = 20_000_000
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


@contextmanager
def unpacked(path: Path, options: Options) -> Iterator[Path]:
    """Unpack the shapefile or KML of an archive for as long as the block runs.

    Raises
    ------
    SiteError
        When the archive is cut off, encrypted, too large, hides its members elsewhere, or holds no or several
        boundaries.
    """
    where = Where(path.name or str(path))
    with _open(path, where) as archive, tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        members = _members(archive, where, options.limits)
        chosen = _chosen(members, path, options, where)
        budget = options.limits.unpacked_bytes
        for member, info in chosen.items():
            target = Path(folder) / f"boundary{member}"
            budget -= _extract(archive, info, target, budget, where)
        yield Path(folder) / ("boundary.shp" if ".shp" in chosen else "boundary.kml")


def _open(path: Path, where: Where) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise _damaged(where) from error


def _damaged(where: Where) -> SiteError:
    return where.error(
        "ZIP 压缩包不完整或已损坏；请重新压缩", "the ZIP archive was cut off or is damaged; pack it again"
    )


def _members(archive: zipfile.ZipFile, where: Where, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Return the files of the archive by their names as people see them."""
    infos = [info for info in archive.infolist() if info.filename and not info.is_dir()]
    if len(infos) > limits.members:
        raise where.error(
            f"压缩包内有 {len(infos)} 个文件，上限 {limits.members} 个；请只压缩项目范围",
            f"the archive holds {len(infos)} files, more than the allowed {limits.members}; pack the footprint alone",
        )
    _check_sizes(infos, where, limits)
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _name(info)
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if ".." in parts or name.startswith(("/", "\\")) or (parts and parts[0][1:2] == ":"):
            raise where.error(
                f"压缩包内的路径 “{name}” 指向包外；请重新压缩",
                f"the archived path “{name}” leads outside; pack it again",
            )
        if name in members:
            raise where.error(
                f"压缩包内有两个 “{name}”；请重新压缩", f"the archive holds “{name}” twice; pack it again"
            )
        if parts and parts[0] != "__MACOSX" and not parts[-1].startswith("._"):
            members[name] = info
    return members


def _check_sizes(infos: list[zipfile.ZipInfo], where: Where, limits: Limits) -> None:
    full = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if full > limits.unpacked_bytes or (full > _RATIO_FROM and full > limits.ratio * max(packed, 1)):
        raise _bomb(where, full, limits)


def _bomb(where: Where, size: int, limits: Limits) -> SiteError:
    big, allowed = size / 1e6, limits.unpacked_bytes / 1e6
    return where.error(
        f"压缩包解压后有 {big:.0f} MB（上限 {allowed:.0f} MB，压缩比上限 {limits.ratio}），不予解压；请只压缩项目范围",
        f"the archive unpacks to {big:.0f} MB (allowed: {allowed:.0f} MB, ratio {limits.ratio}) and is not unpacked; "
        "pack the footprint alone",
    )


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name in characters: without the flag for UTF-8, Chinese Windows wrote GBK."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _chosen(
    members: dict[str, zipfile.ZipInfo], path: Path, options: Options, where: Where
) -> dict[str, zipfile.ZipInfo]:
    """Return the members to unpack by suffix."""
    shapes = [name for name in members if _suffix(name) == ".shp"]
    placemarks = [name for name in members if _suffix(name) == ".kml"]
    if path.suffix.lower() == ".kmz" or not shapes:
        roots = [name for name in placemarks if name.lower() == "doc.kml"]
        name = _one(roots or placemarks, members, options, where)
        return {".kml": members[name]}
    name = _one(shapes, members, options, where)
    stem = name[: -len(".shp")].lower()
    return {
        _suffix(other): info
        for other, info in members.items()
        if _suffix(other) in _SHAPEFILE_PARTS and other[: -len(".shp")].lower() == stem
    }


def _one(names: list[str], members: dict[str, zipfile.ZipInfo], options: Options, where: Where) -> str:
    if not names:
        raise _nothing(members, where)
    stems = {name: PurePosixPath(name).stem for name in names}
    wanted = [name for name in names if options.layer in (None, stems[name])]
    if len(wanted) == 1:
        return wanted[0]
    listed = sorted(stems.values())
    raise where.error(
        f"压缩包内有 {len(names)} 个边界文件；请用 --layer 指定一个：" + "、".join(listed),
        f"the archive holds {len(names)} boundaries; choose one with --layer: " + ", ".join(listed),
    )


def _nothing(members: dict[str, zipfile.ZipInfo], where: Where) -> SiteError:
    if any(_suffix(name) in _ARCHIVES for name in members):
        return where.error(
            "压缩包里还是压缩包；请先解压外层", "the archive holds another archive; unpack the outer one first"
        )
    found = sorted({_suffix(name) or name for name in members})[:8]
    return where.error(
        f"压缩包内没有 .shp 或 .kml（有：{'、'.join(found) or '无文件'}）；其他格式请解压后直接提交",
        f"the archive holds no .shp or .kml (found: {', '.join(found) or 'nothing'}); unpack other formats and give "
        "the file itself",
    )


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, budget: int, where: Where) -> int:
    """Unpack one member, counting real bytes: the stated size may lie."""
    if info.flag_bits & _ENCRYPTED:
        raise where.error("压缩包有密码；请去掉密码后重新压缩", "the archive has a password; pack it again without one")
    try:
        with archive.open(info) as source, target.open("wb") as file:
            return _copy(source, file, budget, where)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _damaged(where) from error


def _copy(source: IO[bytes], file: IO[bytes], budget: int, where: Where) -> int:
    written = 0
    while chunk := source.read(_CHUNK):
        written += len(chunk)
        if written > budget:
            raise where.error(
                "压缩包解压后的大小超过其目录所记；请重新压缩",
                "the archive unpacks to more than it states; pack it again",
            )
        file.write(chunk)
    return written
