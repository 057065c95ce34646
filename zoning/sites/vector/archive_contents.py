"""What in an archive is a boundary: surely, perhaps, or not; and which one is meant."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from zoning.errors import SiteError
from zoning.sites.formats.kinds import Kind
from zoning.sites.formats.recognise import recognise
from zoning.sites.limits import Limits
from zoning.sites.vector.choosing import listed
from zoning.sites.vector.file_gdb import PARTS as GDB_PARTS
from zoning.sites.vector.zip_files import Archive, Member
from zoning.sites.where import Where

STEM = "zoning-unpacked"
"""What every file is called while it is unpacked; no sentence of ours holds these words otherwise."""

_TOGETHER = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
    ".dxf": (".prj",),
    ".gpkg": (".gpkg-wal", ".gpkg-journal"),  # changes not yet in the file: its reader says so
}
_SURE = (
    *_TOGETHER, ".kml", ".gml", ".geojson", ".geojsonl", ".geojsons", ".ndjson", ".fgb", ".parquet", ".geoparquet",
    ".vct", ".wkt", ".wkb",
)  # fmt: skip
# Texts and tables may be anything: their beginning decides.
_UNSURE = (".txt", ".json", ".csv", ".tsv", ".xml", ".xlsx", ".xlsm", ".xls")
_SURE_KINDS = (Kind.COORDINATE_TXT, Kind.WKT, Kind.WKT_TABLE, Kind.WKB, Kind.GML, Kind.VCT, Kind.DXF)
_TABLES = (Kind.POINT_TABLE, Kind.WORKBOOK)
_JSON_WORDS = (b'"coordinates"', b'"FeatureCollection"', b'"rings"', b'"geometryType"')
_ARCHIVES = (".zip", ".kmz", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
_DRAWINGS = (".dwg",)
_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Candidate:
    """A boundary in an archive.

    Attributes
    ----------
    name
        Path in the archive, of a geodatabase that of its folder.
    parts
        Its files, by the names under which they are unpacked.
    """

    name: str
    target: str
    parts: dict[str, Member]


@dataclass(frozen=True, slots=True)
class Contents:
    """The boundaries of an archive.

    Attributes
    ----------
    tables
        May hold coordinates, or anything else; read where nothing is surely a boundary.
    drawings
        Files that cannot be read and may hold a boundary too.
    suffixes
        Of everything in the archive.
    """

    sure: tuple[Candidate, ...]
    tables: tuple[Candidate, ...]
    archives: tuple[str, ...] = ()
    drawings: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


def contents(archive: Archive) -> Contents:
    """Return what an archive holds.

    Raises
    ------
    SiteError
        When a text or table in it cannot be unpacked.
    """
    members = archive.members
    alone = f"{PurePosixPath(archive.where.file).stem}.gdb"
    sure = [*_geodatabases(members, alone), *(_single(m, members) for m in members if m.suffix in _SURE)]
    tables: list[Candidate] = []
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        for member in (m for m in members if m.suffix in _UNSURE and not _is_note(m)):
            kind = _kind(archive, member, Path(folder))
            if kind is not None:
                (tables if kind in _TABLES else sure).append(_single(member, members))
    return Contents(
        tuple(sure),
        tuple(tables),
        tuple(m.name for m in members if m.suffix in _ARCHIVES),
        tuple(m.name for m in members if m.suffix in _DRAWINGS),
        tuple(sorted({m.suffix or m.name for m in members})),
    )


def _is_note(member: Member) -> bool:
    """Tell metadata that stand beside a file, as in `范围.shp.xml`."""
    return len(PurePosixPath(member.name).suffixes) > 1 and PurePosixPath(member.name).suffixes[-2].lower() in _SURE


def _single(member: Member, members: Iterable[Member]) -> Candidate:
    parts = {f"{STEM}{member.suffix}": member}
    stem = member.name[: -len(member.suffix)].casefold()
    for other in members:
        if other.suffix in _TOGETHER.get(member.suffix, ()) and other.name[: -len(other.suffix)].casefold() == stem:
            parts[f"{STEM}{other.suffix}"] = other
    return Candidate(member.name, f"{STEM}{member.suffix}", parts)


def _geodatabases(members: Sequence[Member], alone: str) -> Iterator[Candidate]:
    """Yield every folder of tables; `alone` names tables that stand in no folder."""
    folders: dict[str, dict[str, Member]] = {}
    for member in members:
        path = PurePosixPath(member.name)
        if GDB_PARTS.fullmatch(path.name):
            folders.setdefault(str(path.parent), {})[f"{STEM}.gdb/{path.name.lower()}"] = member
    for folder, parts in folders.items():
        if any(name.endswith(".gdbtable") for name in parts):
            yield Candidate(folder if folder != "." else alone, f"{STEM}.gdb", parts)


def _kind(archive: Archive, member: Member, folder: Path) -> Kind | None:
    """Return what the beginning of a text or table says; None when it is no boundary."""
    probe = folder / f"{STEM}{member.suffix}"
    archive.unpack(member, probe, _HEAD)
    try:
        kind = recognise(probe, Limits())
    except SiteError:
        return None
    if kind is Kind.GEOJSON:
        head = probe.read_bytes()
        return kind if any(word in head for word in _JSON_WORDS) else None
    return kind if kind in (*_SURE_KINDS, *_TABLES) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """The boundary to read, with the layer inside it where one was stated, and what else might have been one."""

    candidate: Candidate
    layer: str | None
    unread: tuple[str, ...] = ()


def choose_boundary(found: Contents, stated: str | None, where: Where) -> Choice:
    """Return the one boundary that is meant.

    Parameters
    ----------
    stated
        Path, name or stem of a file in the archive; or a layer in its only file; or both as `file.gpkg/layer`.

    Raises
    ------
    SiteError
        When none or several could be meant.
    """
    everything = (*found.sure, *found.tables)
    if stated is not None:
        if not everything:
            raise _nothing(found, where)
        return _stated(everything, stated, where)
    if found.archives:
        raise where.error(
            f"压缩包里还有压缩包 “{found.archives[0]}”；请先解压外层",
            f"the archive holds another archive, “{found.archives[0]}”; unpack the outer one first",
        )
    likely = found.sure or found.tables
    if not likely:
        raise _nothing(found, where)
    if len(likely) > 1:
        raise _several(likely, where)
    unread = (*(table.name for table in found.tables if table not in likely), *found.drawings)
    return Choice(likely[0], None, unread)


def _several(candidates: Sequence[Candidate], where: Where) -> SiteError:
    names = listed(sorted(candidate.name for candidate in candidates))
    return where.error(
        f"压缩包内有 {len(candidates)} 个边界文件；请用 --layer 指定一个：{names.zh}",
        f"the archive holds {len(candidates)} boundaries; choose one with --layer: {names.en}",
    )


def _stated(candidates: Sequence[Candidate], stated: str, where: Where) -> Choice:
    for of in (_path, _file_name, _stem):
        named = [candidate for candidate in candidates if of(candidate) == stated]
        inside = [candidate for candidate in candidates if stated.startswith(f"{of(candidate)}/")]
        if len(named) > 1 or (not named and len(inside) > 1):
            raise _several(named or inside, where)
        if named:
            return Choice(named[0], None)
        if inside:
            return Choice(inside[0], stated.removeprefix(f"{of(inside[0])}/"))
    if len(candidates) == 1:
        return Choice(candidates[0], stated)
    names = listed(sorted(candidate.name for candidate in candidates))
    raise where.error(
        f"压缩包内没有 {stated}；可选：{names.zh}", f"the archive holds no {stated}; there are: {names.en}"
    )


def _path(candidate: Candidate) -> str:
    return candidate.name


def _file_name(candidate: Candidate) -> str:
    return PurePosixPath(candidate.name).name


def _stem(candidate: Candidate) -> str:
    return PurePosixPath(candidate.name).stem


def _nothing(found: Contents, where: Where) -> SiteError:
    if found.drawings:
        return where.error(
            f"压缩包内只有 DWG（{found.drawings[0]}），不能可靠读取；请在 CAD 中另存为 DXF 后提交",
            f"the archive holds only DWG ({found.drawings[0]}), which cannot be read reliably; save it as DXF",
        )
    there = listed(found.suffixes)
    return where.error(
        f"压缩包内没有能读取的边界文件（有：{there.zh or '无文件'}）；请压缩 Shapefile、DXF、KML、坐标 TXT 等边界文件",
        f"the archive holds no boundary file that is read (found: {there.en or 'nothing'}); pack a shapefile, DXF, KML "
        "or coordinate TXT",
    )
