"""Finished work of a verdict diff, kept beside its results until these are written: what an interruption leaves."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.atomic_write import json_text, write_whole
from zoning.errors import ContentError, UsageError
from zoning.planning.compare.verdict_changes import Change, SiteChange
from zoning.planning.compare.verdict_diff import Checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoning.cli.compare_sides import Sides
    from zoning.planning.compare.verdict_diff import RegisteredSite

FOLDER = ".compare-parts"
_IDENTITY = "identity.json"


class Parts:
    """The folder of parts; None: nothing is kept.

    Parameters
    ----------
    out
        Folder of the results.
    identity
        What decides the results: parts of another are refused.
    """

    def __init__(self, out: Path | None, identity: Mapping[str, str], *, resume: bool, restart: bool) -> None:
        self._folder = None if out is None else out / FOLDER
        if self._folder is None:
            return
        if restart:
            shutil.rmtree(self._folder, ignore_errors=True)
        if (self._folder / _IDENTITY).is_file():
            self._same(self._folder, identity, resume=resume)
        else:
            write_whole(self._folder / _IDENTITY, json_text(identity))

    @staticmethod
    def _same(folder: Path, identity: Mapping[str, str], *, resume: bool) -> None:
        if not resume:
            raise UsageError(
                f"{folder}：有一次中断的运行；加 --resume 继续，或加 --restart 从头开始",
                f"{folder}: it holds the work of an interrupted run: continue with --resume, begin anew with --restart",
            )
        try:
            old = json.loads((folder / _IDENTITY).read_text(encoding="utf-8"))
        except ValueError as error:
            raise ContentError(
                f"{folder / _IDENTITY}：无法读取；请加 --restart 从头开始",
                f"{folder / _IDENTITY}: it cannot be read; begin anew with --restart",
            ) from error
        changed = ", ".join(name for name in identity if old.get(name) != identity[name])
        if changed:
            raise UsageError(
                f"{folder}：不能继续，上次运行之后有变化：{changed}；请加 --restart 从头开始",
                f"{folder}: it cannot be continued, this has changed since: {changed}; begin anew with --restart",
            )

    def get(self, places: "Sequence[int]") -> Checked | None:
        """Return what was found for some sites, None where they are still to be checked."""
        path = self._path(places)
        if path is None or not path.is_file():
            return None
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
            changes = tuple(
                SiteChange(**{**one, "changes": tuple(Change(**c) for c in one["changes"])}) for one in read["changes"]
            )
            return Checked(changes, {int(number): (was, now) for number, (was, now) in read["stale"].items()})
        except (ValueError, KeyError, TypeError):
            return None

    def put(self, places: "Sequence[int]", found: Checked) -> None:
        """Keep what was found for some sites, whole or not at all.

        Raises
        ------
        ContentError
            When it cannot be written.
        """
        path = self._path(places)
        if path is not None:
            plain = {"changes": [one.plain() for one in found.changes], "stale": dict(found.stale)}
            write_whole(path, json.dumps(plain, ensure_ascii=False) + "\n")

    def remove(self) -> None:
        """Remove all parts: the results are written."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, places: "Sequence[int]") -> Path | None:
        if self._folder is None:
            return None
        name = hashlib.sha256(json.dumps(list(places)).encode()).hexdigest()[:16]
        return self._folder / f"part-{places[0] + 1:07d}-{name}.json"


def identity_of(sides: "Sides", sites: "Sequence[RegisteredSite]") -> dict[str, str]:
    """Return digests of everything that decides a verdict diff."""
    from zoning.rules.assemble import PROGRAM

    found = {"program": PROGRAM, "sites": _digest([_plain(entry) for entry in sites])}
    for name, side in (("before", sides.before), ("after", sides.after)):
        content = side.content
        found[f"{name}: rules"] = content.rulebook.sha256
        found[f"{name}: settings"] = _digest([str(content.settings), str(content.on)])
        found[f"{name}: layers"] = _digest(_layers(side))
    return found


def _layers(side: "Any") -> list[list[str | None]]:
    from zoning.layers.reader import LayerStore

    content = side.content
    store = LayerStore(content.catalogue)
    rows: list[list[str | None]] = []
    for name, layer in content.catalogue.layers.items():
        edition = layer.edition_on(content.on)
        data = None if edition is None else store.edition_sha256(name, edition[0])
        rows.append([name, store.definition_sha256(name), data])
    return rows


def _plain(entry: "RegisteredSite") -> list[Any]:
    site = entry.site
    return [
        entry.number,
        site.id,
        site.name,
        site.crs,
        site.geometry.wkb_hex,
        site.accuracy_m,
        site.width_m,
        entry.facts,
    ]


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, default=str).encode()).hexdigest()
