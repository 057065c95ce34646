"""Which files the answers of a job rest on, under the names that they have in a copy."""

from collections.abc import Iterator
from pathlib import Path

from zoning.batch.cluster_content import DIGESTS, Content
from zoning.batch.identity import workspace_identity
from zoning.batch.job import Job
from zoning.errors import ZoningError
from zoning.layers.catalogue import Catalogue
from zoning.layers.digests import layer_files
from zoning.layers.reader import CONTENT_FOLDER
from zoning.overlay.prepared.basis import form_on
from zoning.overlay.prepared.folder import Folder, slot_in
from zoning.workspace import MARKER, Workspace

WORKSPACE, PREPARED = "workspace", "prepared"
_RULES = "rules"


def decisive_files(job: Job) -> dict[str, Path]:
    """Return the files that a job rests on, by their names in a copy.

    Raises
    ------
    OSError
        When one of them cannot be read.
    ContentError
        When the workspace has a mistake.
    """
    return dict(_files(job))


def holds(job: Job, content: Content) -> bool:
    """Tell whether the folders that a job names hold exactly this content on this computer: no file more or less.

    And whether it comes to the digests of the job: a file may have been changed after these were taken.
    """
    try:
        if DIGESTS.of(decisive_files(job)) != content:
            return False
        found = workspace_identity(Workspace.open(job.root), job.on)
    except (OSError, ZoningError):
        return False
    return all(job.identity.get(name) == value for name, value in found.items())


def _files(job: Job) -> Iterator[tuple[str, Path]]:
    names = [MARKER, *_below(job.root, CONTENT_FOLDER, "*.yaml"), *_below(job.root, _RULES, "**/*")]
    for name in names:
        yield f"{WORKSPACE}/{name}", job.root / name
    catalogue = Workspace.open(job.root).catalogue
    for data in _data(job, catalogue):
        yield _named(data), job.root / CONTENT_FOLDER / data
    if job.prepared is not None:
        forms = [form_on(catalogue, layer_id, job.on) for layer_id in catalogue.layers]
        slots = {form.slot for form in forms if form is not None}
        for path in Folder(job.prepared).files():
            if slot_in(path.name) in slots:
                yield f"{PREPARED}/{path.name}", path


def _below(root: Path, folder: str, pattern: str) -> list[str]:
    """Return the files below a folder; hidden ones and caches are nobody's content."""
    found = (path.relative_to(root) for path in (root / folder).glob(pattern) if path.is_file())
    return [path.as_posix() for path in found if not any(part.startswith((".", "__pycache__")) for part in path.parts)]


def _data(job: Job, catalogue: Catalogue) -> Iterator[Path]:
    """Yield the files of the editions of the day and of the coverages that are there, as the definitions name them."""
    folder = job.root / CONTENT_FOLDER
    for layer in catalogue.layers.values():
        found = layer.edition_on(job.on)
        if found is None:
            continue
        edition = found[1]
        for file in (edition.file, (edition.coverage or layer.coverage).file):
            if file is not None and (folder / file).exists():
                parts = layer_files(folder / file)
                yield from (part.relative_to(folder) if part.is_relative_to(folder) else part for part in parts)


def _named(name: Path) -> str:
    return name.as_posix() if name.is_absolute() else f"{WORKSPACE}/{CONTENT_FOLDER}/{name.as_posix()}"
