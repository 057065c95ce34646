"""An uploaded file laid out under names of our own: nothing that it is called reaches the disk."""

import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from zoning.errors import LayerError
from zoning.layers.formats import FORMATS

if TYPE_CHECKING:
    from zoning.sites.vector.zip_files import Archive, Member

_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_SINGLE = tuple(suffix for suffix in FORMATS if suffix not in (".shp", ".gdb"))


def laid_out(file: Path, name: str, folder: Path) -> Path:
    """Return the path of a layer file that can be opened: a copy of the file, or what a ZIP holds, unpacked.

    Parameters
    ----------
    name
        What the file was called; only its suffix is used, and the whole in sentences.
    folder
        Empty; the file is laid out in it.

    Raises
    ------
    LayerError
        When the format is not read, or a ZIP holds no layer file, or several.
    SiteError
        When a ZIP is damaged, too large, has a password or paths that lead out.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".zip":
        return _unpacked(file, name, folder)
    if suffix in (".shp", ".gdb"):
        raise LayerError(
            f"{name}：Shapefile 和 FileGDB 由几个文件组成；请把它们压缩成一个 ZIP 再上传",
            f"{name}: a shapefile or FileGDB is made of several files: pack them into one ZIP",
        )
    if suffix not in FORMATS:
        raise LayerError(
            f"{name}：不支持的格式；可用：{_allowed()}、ZIP（Shapefile、FileGDB）",
            f"{name}: this format is not read; allowed: {_allowed()}, ZIP (shapefile, FileGDB)",
        )
    target = folder / f"layer{suffix}"
    shutil.copyfile(file, target)
    return target


def _allowed() -> str:
    return ", ".join(dict.fromkeys(FORMATS[suffix] for suffix in _SINGLE))


def _unpacked(file: Path, name: str, folder: Path) -> Path:
    from zoning.sites.limits import Limits
    from zoning.sites.vector.zip_files import opened_archive
    from zoning.sites.where import Where

    limits = Limits(unpacked_bytes=2_000_000_000, file_bytes=2_000_000_000)
    with opened_archive(file, Where(name), limits) as archive:
        found = _layers(archive)
        if len(found) != 1:
            listed = ", ".join(sorted(found)[:5]) or "-"
            raise LayerError(
                f"{name}：压缩包中应恰好有一个图层文件（Shapefile、FileGDB、{_allowed()}）；其中有：{listed}",
                f"{name}: the archive has to hold exactly one layer file (shapefile, FileGDB, {_allowed()}); "
                f"it holds: {listed}",
            )
        ((title, members),) = found.items()
        archive.check_size(members)
        suffix = PurePosixPath(title).suffix.lower()
        if suffix == ".gdb":
            target = folder / "layer.gdb"
            target.mkdir()
            for number, member in enumerate(members):
                inner = PurePosixPath(member.name).name
                # Names inside a FileGDB mean something; the archive has refused those that lead out.
                archive.unpack(member, target / (inner if inner.isascii() else f"part{number}"))
            return target
        for member in members:
            archive.unpack(member, folder / f"layer{member.suffix}")
    return folder / f"layer{suffix}"


def _layers(archive: "Archive") -> "dict[str, list[Member]]":
    """Return the layer files of an archive with their members."""
    found: dict[str, list[Member]] = {}
    for member in archive.members:
        path = PurePosixPath(member.name)
        base = next(
            (
                PurePosixPath(*path.parts[: n + 1])
                for n, part in enumerate(path.parts[:-1])
                if part.lower().endswith(".gdb")
            ),
            None,
        )
        if base is not None:
            if len(path.parts) == len(base.parts) + 1 and member.suffix != ".lock":
                found.setdefault(str(base), []).append(member)
        elif member.suffix == ".shp":
            stem = str(path.with_suffix("")).lower()
            found[member.name] = [
                other
                for other in archive.members
                if other.suffix in _PARTS and str(PurePosixPath(other.name).with_suffix("")).lower() == stem
            ]
        elif member.suffix in _SINGLE:
            found[member.name] = [member]
    return found
