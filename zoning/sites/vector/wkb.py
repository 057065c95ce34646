"""WKB and EWKB: one geometry as bytes, or one on each line as hexadecimal text (the form of PostGIS)."""

from collections.abc import Iterator
from pathlib import Path

from zoning.sites.drawing import MalformedError
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import RawFile
from zoning.sites.records import raw_site
from zoning.sites.vector.srids import declared_by
from zoning.sites.vector.wkb_geometry import Taken, take_apart
from zoning.sites.where import Where
from zoning.texts import Text

_PREFIXES = (b"\\x", b"0x")
_GEOPACKAGE = b"GP"


def read_wkb(path: Path, options: Options) -> RawFile:
    """Read every geometry of a WKB file.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    tally = Tally(options.limits)
    sites, srids = [], set()
    for number, data in enumerate(_pieces(path.read_bytes(), where), 1):
        record = where.at_record(number)
        tally.count("records", 1, record)
        taken = _taken(data, tally, record)
        sites.append(raw_site(taken.drawings, record, options))
        srids.add(taken.srid)
    return RawFile(tuple(sites), declared_by(srids, where), silence=Text("WKB 没有写 SRID", "the WKB has no SRID"))


def _pieces(data: bytes, where: Where) -> Iterator[bytes]:
    """Yield the file itself, or what stands on its lines."""
    if data[:1] in (b"\0", b"\1") or data.startswith(_GEOPACKAGE):
        yield data
        return
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if not line.strip():
            continue
        yield _from_hex(line.strip(), where.at_line(number))


def _from_hex(line: bytes, where: Where) -> bytes:
    digits = next((line.removeprefix(prefix) for prefix in _PREFIXES if line.startswith(prefix)), line)
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError as error:
        raise where.error(
            "不是十六进制的 WKB；每行应写一个图形",
            "it is no WKB in hexadecimal digits; write one geometry on each line",
        ) from error


def _taken(data: bytes, tally: Tally, where: Where) -> Taken:
    if data.startswith(_GEOPACKAGE):
        raise where.error(
            "是 GeoPackage 表内的几何块，不是 WKB；请提供 GeoPackage 文件本身",
            "it is a geometry blob from inside a GeoPackage, not WKB; give the GeoPackage itself",
        )
    try:
        return take_apart(data, tally, where)
    except MalformedError as error:
        raise where.error_of(error.text) from error
