"""Verdicts on their way out: printed one by one, written as JSON and map."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import JsonDocuments
from zoning.cli.session import Session

if TYPE_CHECKING:
    from zoning.check import Examination
    from zoning.rules.facts import Fact
    from zoning.rules.verdict import Verdict
    from zoning.sites.site import Site
    from zoning.workspace import Workspace

_MOST_BYTES = 180
_UNSAFE = re.compile(r"[^\w.-]+")


class Printer:
    """Prints verdicts on stdout as they come: as text, or as JSON - one object for one footprint, an array for several.

    Parameters
    ----------
    total
        How many footprints the file holds.
    facts
        The vocabulary that tells how an open question can be answered.
    """

    def __init__(
        self, session: Session, total: int, *, as_json: bool, facts: Mapping[str, "Fact"] | None = None
    ) -> None:
        self._session = session
        self._facts = facts
        self._documents = JsonDocuments(several=total != 1) if as_json else None

    def show(self, verdict: "Verdict") -> None:
        """Print one verdict."""
        if self._documents is not None:
            self._documents.show(verdict.to_json())
            return
        from zoning.cli.tables import print_verdict

        print_verdict(self._session.console(), verdict, self._session.language, facts=self._facts)

    def show_written(self, document: str) -> None:
        """Print a verdict that `Verdict.to_json` wrote."""
        if self._documents is not None:
            self._documents.show(document)
            return
        from zoning.rules.verdict import Verdict

        self.show(Verdict.from_json(document))

    def close(self) -> None:
        """Print what ends the whole."""
        if self._documents is not None:
            self._documents.close()


class Stems:
    """Names, without ending, of the files of footprints: the file's, and the footprint's number where it holds several.

    No two footprints of a run have the same.
    """

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self._taken: dict[str, int] = {}

    def __call__(self, site: "Site") -> str:
        """Return the name for a footprint."""
        stem = _safe(Path(site.source).name)
        if self._several:
            stem = f"{stem}-{_UNSAFE.sub('_', site.id)}"
        stem = _short(stem)
        # Some file systems take `a` and `A` for one name.
        key = stem.casefold()
        count = self._taken.get(key, 0) + 1
        self._taken[key] = count
        return stem if count == 1 else f"{stem}~{count}"


def stem_of_name(name: str) -> str:
    """Return the name of the files that are about something of this name."""
    return _short(_safe(name))


def _safe(name: str) -> str:
    # Names come from files of strangers: nothing in them may lead out of the folder.
    return _UNSAFE.sub("_", name.rsplit(".", 1)[0]).lstrip(".") or "site"


def _short(stem: str) -> str:
    # File systems count bytes, and a Chinese character has three.
    return stem.encode("utf-8")[:_MOST_BYTES].decode("utf-8", errors="ignore")


class Writer:
    """Writes verdict and map of each footprint into a folder, each file whole or not at all."""

    def __init__(self, session: Session, workspace: "Workspace", folder: Path, total: int) -> None:
        self._session = session
        self._workspace = workspace
        self._folder = folder
        self.stem = Stems(several=total > 1)

    def write(self, examination: "Examination", *, with_json: bool) -> Iterator[Path]:
        """Write the map, and the verdict as JSON when asked; yield the paths.

        Raises
        ------
        ContentError
            When a file cannot be written.
        """
        from zoning.atomic_write import write_whole
        from zoning.cli.maps import map_of

        stem = self.stem(examination.footprint.site)
        if with_json:
            write_whole(self._folder / f"{stem}.json", examination.verdict.to_json())
            yield self._folder / f"{stem}.json"
        write_whole(self._folder / f"{stem}.html", map_of(examination, self._workspace, self._session))
        yield self._folder / f"{stem}.html"
