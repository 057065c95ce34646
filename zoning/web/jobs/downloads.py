"""How results are sent to browsers: what they may show, under which name, all in one archive."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from zoning.web.jobs.job import Result

_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is to a browser.

    Attributes
    ----------
    is_document
        Whether its scripts could run: it is sent apart from the session (`DOCUMENT_POLICY`).
    is_shown
        Whether the browser shows it rather than saving it.
    is_framed
        Whether it is shown inside the page of its job.
    """

    media: str
    is_document: bool = False
    is_shown: bool = False
    is_framed: bool = False


_UNKNOWN: Final = Kind("application/octet-stream")
_DOCUMENT: Final = Kind("text/html; charset=utf-8", is_document=True, is_shown=True, is_framed=True)
_KINDS: Final[dict[str, Kind]] = {
    "html": _DOCUMENT,
    "htm": _DOCUMENT,
    "svg": Kind("image/svg+xml", is_document=True, is_shown=True, is_framed=True),
    "png": Kind("image/png", is_shown=True, is_framed=True),
    "jpg": Kind("image/jpeg", is_shown=True, is_framed=True),
    "jpeg": Kind("image/jpeg", is_shown=True, is_framed=True),
    "pdf": Kind("application/pdf", is_shown=True),
    "txt": Kind("text/plain; charset=utf-8", is_shown=True),
    "md": Kind("text/plain; charset=utf-8", is_shown=True),
    "csv": Kind("text/csv; charset=utf-8"),
    "json": Kind("application/json", is_shown=True),
    "geojson": Kind("application/geo+json"),
    "gpkg": Kind("application/geopackage+sqlite3"),
    "zip": Kind("application/zip"),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "parquet": Kind("application/vnd.apache.parquet"),
    "tif": Kind("image/tiff"),
}


def kind_of(name: str) -> Kind:
    """Return what a file is, by the end of its name; what is not known is saved, never shown."""
    return _KINDS.get(name.rpartition(".")[2].lower(), _UNKNOWN) if "." in name else _UNKNOWN


def disposition(name: str, *, inline: bool) -> str:
    """Return the header Content-Disposition for a file name in any script (RFC 6266, RFC 5987).

    >>> print(disposition("图 1.html", inline=False))
    attachment; filename="_ 1.html"; filename*=UTF-8''%E5%9B%BE%201.html
    """
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", name)
    exact = quote(re.sub(r"[\x00-\x1f\x7f/\\]", "_", name), safe="")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{exact}"


class _Sink:
    """Where an archive is written to that is sent while it is made; it cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    def taken(self) -> bytes:
        """Return what has been written since the last call."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def zipped(results: Sequence[Result]) -> Iterator[bytes]:
    """Yield the bytes of an archive with these files."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for result in results:
            about = zipfile.ZipInfo(result.name)
            about.compress_type = zipfile.ZIP_DEFLATED
            with result.path.open("rb") as source, archive.open(about, "w", force_zip64=True) as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
                    yield sink.taken()
    yield sink.taken()
