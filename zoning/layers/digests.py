"""Hashes of layer files: what a verdict rests on."""

import hashlib
from pathlib import Path

_SHAPEFILE_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a layer file.

    Of one file it is what `sha256sum` prints. A shapefile or a folder (FileGDB) is hashed over the lines
    `name sha256` of its files, ordered by name.
    """
    parts = layer_files(path)
    if parts == [path]:
        return _sha256(path)
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{part.relative_to(path.parent).as_posix()} {_sha256(part)}\n".encode())
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def layer_files(path: Path) -> list[Path]:
    """Return the files that make up a layer file, ordered by name."""
    if path.is_dir():
        # Lock files come and go while a FileGDB is merely looked at.
        return sorted(part for part in path.rglob("*") if part.is_file() and part.suffix != ".lock")
    if path.suffix.lower() != ".shp":
        return [path]
    parts = [path.with_suffix(suffix) for suffix in _SHAPEFILE_PARTS if suffix != ".shp"]
    return sorted([path, *(part for part in parts if part.is_file() and part != path)])
