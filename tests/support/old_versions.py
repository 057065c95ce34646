"""What earlier versions of the program have left: workspaces, verdicts, registers; see tests/migration/README.md."""

import io
import json
import lzma
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[1] / "migration"
VERSIONS = tuple(sorted(path.name for path in FIXTURES.iterdir() if (path / "workspace.tar.xz").is_file()))
WITH_REGISTER = tuple(version for version in VERSIONS if (FIXTURES / version / "register.tar.xz").is_file())
DATA = ("layers/data", "maps/data")


def lay_out_workspace(version: str, target: Path, builtin: Path) -> Path:
    """Lay out the workspace that `zoning init` of a version made; the data are those of the built-in workspace."""
    unpack(version, "workspace", target)
    for name in DATA:
        shutil.copytree(builtin / name, target / name, copy_function=_link, dirs_exist_ok=True)
    return target


def old_verdicts(version: str) -> dict[str, list[dict[str, Any]]]:
    """Return the verdicts of a version on the examples: one or several for each file, as it printed them."""
    found = {}
    for name, content in members(version, "verdicts").items():
        told = json.loads(content)
        found[name.removesuffix(".json")] = told if isinstance(told, list) else [told]
    return found


def lay_out_register(version: str, folder: Path) -> Path:
    """Lay out the register that a version wrote, with its files; return the SQLite file."""
    unpack(version, "register", folder)
    script = folder / "register.sql"
    path = folder / "register.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script.read_text(encoding="utf-8"))
    script.unlink()
    return path


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables of an SQLite file, ordered."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for (name,) in listed}  # noqa: S608 - names of the file itself


def unpack(version: str, what: str, target: Path) -> None:
    """Write the files of an archive into a folder."""
    for name, content in members(version, what).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


def members(version: str, what: str) -> dict[str, bytes]:
    """Return the files of an archive."""
    packed = (FIXTURES / version / f"{what}.tar.xz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(packed))) as archive:
        opened = ((member.name, archive.extractfile(member)) for member in archive.getmembers())
        return {name: file.read() for name, file in opened if file is not None}


def _link(source: str, target: str) -> None:
    Path(target).symlink_to(source)
