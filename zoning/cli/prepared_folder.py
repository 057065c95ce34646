"""Where prepared layers lie: in the workspace, or in the user's cache where that cannot be written."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

FOLDER = ".prepared"
VARIABLE = "ZONING_PREPARED"


def prepared_folder(root: Path, environ: Mapping[str, str], *, writing: bool = False) -> Path:
    """Return the folder of the prepared layers of a workspace.

    It is `.prepared` in the workspace. Where that cannot be written, and for the built-in workspace of an installed
    package, it is `$XDG_CACHE_HOME/zoning/prepared/<digest of the workspace's path>` (`~/.cache` by default); with
    `$ZONING_PREPARED` it is `$ZONING_PREPARED/<digest>`.

    Parameters
    ----------
    root
        Folder of the workspace.
    writing
        Whether layers are to be prepared. Else a folder that somebody else has filled will do.
    """
    from zoning.workspace import PACKAGE

    named = environ.get(VARIABLE)
    if named:
        return Path(named).absolute() / _digest(root)
    own, cache = root / FOLDER, _cache(environ)
    if cache is None:
        return own
    elsewhere = cache / "zoning" / "prepared" / _digest(root)
    if root == PACKAGE / "builtin":
        return elsewhere
    if os.access(own if own.exists() else root, os.W_OK | os.X_OK):
        return own
    return elsewhere if writing or elsewhere.is_dir() else own


def _digest(root: Path) -> str:
    return hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]


def _cache(environ: Mapping[str, str]) -> Path | None:
    """Return the folder for the caches of this user, None where there is none."""
    # What the specification calls relative is to be ignored.
    stated = Path(environ.get("XDG_CACHE_HOME", ""))
    if stated.is_absolute():
        return stated
    local = environ.get("LOCALAPPDATA")
    if os.name == "nt" and local:
        return Path(local)
    home = Path(environ.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    return home / ".cache" if home.is_absolute() else None
