"""Hashes of layer files: what a verdict rests on."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

_SHAPEFILE_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_JOURNAL = "-wal"  # what was written to a GeoPackage and not yet carried over


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a layer file.

    Of one file it is what `sha256sum` prints. A shapefile, a folder (FileGDB) or a GeoPackage with a journal is hashed
    over the lines `name sha256` of its files, ordered by name.
    """
    parts = layer_files(path)
    if parts == [path]:
        return _sha256(path)
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{part.relative_to(path.parent).as_posix()} {_sha256(part)}\n".encode())
    return digest.hexdigest()


def content_sha256(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of settings or a definition: of what they say, not of how the file is written."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def layer_files(path: Path) -> list[Path]:
    """Return the files that make up a layer file, ordered by name."""
    if path.is_dir():
        # Lock files come and go while a FileGDB is merely looked at.
        return sorted(part for part in path.rglob("*") if part.is_file() and part.suffix != ".lock")
    if path.suffix.lower() == ".shp":
        found = {shapefile_part(path, suffix) for suffix in _SHAPEFILE_PARTS}
        return sorted({path, *(part for part in found if part is not None)})
    journal = path.with_name(path.name + _JOURNAL)
    return [path, journal] if journal.is_file() and journal.stat().st_size else [path]


def shapefile_part(path: Path, suffix: str) -> Path | None:
    """Return the file beside a .shp with `suffix` in small or capital letters; None when there is none."""
    for name in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if name.is_file():
            return name
    return None
