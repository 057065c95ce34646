"""What a prepared layer rests on: everything that, if it changed, would make it another one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import shapely
from pyproj import __proj_version__

from zoning.layers.catalogue import Catalogue, Edition, Layer
from zoning.layers.digests import content_sha256, file_sha256, layer_files
from zoning.layers.reader import CONTENT_FOLDER
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import STEP_M
from zoning.overlay.prepared.container import VERSION
from zoning.overlay.prepared.file_state import FileState
from zoning.overlay.prepared.stamps import Stamps, States
from zoning.version import __version__

_PACKAGE = Path(__file__).resolve().parents[2]
_DECIDING = ("layers", "overlay")  # the packages that read, repair, project and pack zones

# What of a definition says how the layer is called or used, and not what its zones are.
_ASIDE = {
    *("title", "group", "authority", "source", "notes", "schematic", "accuracy_m", "tolerance", "editions"),
    *("public", "public_attributes"),
}
_ASIDE_OF_EDITION = {"file", "valid_from", "valid_to", "superseded_by", "note"}


@dataclass(frozen=True, slots=True)
class Form:
    """One form that a layer takes: an edition, with the territories that its coverage names.

    Attributes
    ----------
    on
        A day on which it holds.
    territory
        Edition of the territory layer, None where the coverage does not rest on it.
    """

    layer: Layer
    edition_id: str
    on: date
    territory: str | None

    @property
    def edition(self) -> Edition:
        """The edition."""
        return self.layer.editions[self.edition_id]

    @property
    def slot(self) -> str:
        """Name of the place that all states of this form take one after the other."""
        text = "\n".join((self.layer.id, self.edition_id, self.territory or ""))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def form_on(catalogue: Catalogue, layer_id: str, on: date) -> Form | None:
    """Return the form of a layer on a day; None where it has none, or cannot be prepared."""
    layer = catalogue[layer_id]
    found = layer.edition_on(on)
    if found is None or found[1].file is None:
        return None
    if not _rests_on_territories(catalogue, layer, found[1]):
        return Form(layer, found[0], on, None)
    territory = catalogue[catalogue.territory_layer].edition_on(on)
    if territory is None or territory[1].file is None:
        return None
    return Form(layer, found[0], on, territory[0])


def forms_of(catalogue: Catalogue, layer_id: str) -> list[Form]:
    """Return all forms of a layer, each once, by the day on which they begin."""
    both = (*catalogue[layer_id].editions.values(), *catalogue[catalogue.territory_layer].editions.values())
    ends = [edition.valid_to for edition in both if edition.valid_to is not None]
    days = {edition.valid_from for edition in both} | {end + timedelta(days=1) for end in ends if end < date.max}
    forms: dict[str, Form] = {}
    for day in sorted(days):
        form = form_on(catalogue, layer_id, day)
        if form is not None:
            forms.setdefault(form.slot, form)
    return list(forms.values())


class Sources:
    """The digests of source files, hashed when their state is not that of a stamp."""

    def __init__(self, catalogue: Catalogue, stamps: Stamps) -> None:
        self.catalogue = catalogue
        self.stamps = stamps

    def path(self, file: str) -> Path:
        """Return where a file of the workspace lies."""
        return self.catalogue.root / CONTENT_FOLDER / file

    def sha256(self, file: str, *, afresh: bool = False) -> str | None:
        """Return the digest of a source; None when it is not there, changes, or is being written."""
        path = self.path(file)
        name = f"source-{hashlib.sha256(file.encode()).hexdigest()[:24]}"
        try:
            known = None if afresh else self.stamps.known(name, source_states(path))
            return known or self.stamps.take(name, lambda: source_states(path), lambda: file_sha256(path))
        except OSError:
            return None

    def key(self, form: Form, plane: MeasuringPlane, *, afresh: bool = False) -> str | None:
        """Return the digest of all that a form rests on; None when something of it is not there or in doubt.

        Parameters
        ----------
        afresh
            Hash the sources also where their stamps hold.
        """
        files = [self.sha256(file, afresh=afresh) for file in files_of(self.catalogue, form)]
        return None if None in files else key_of(self.catalogue, form, plane, [str(digest) for digest in files])


def source_states(path: Path) -> States:
    """Return name and state of all files of a source.

    Raises
    ------
    OSError
        When it is not there, or a write to it was broken off: what its journal takes back is still to be seen.
    """
    journal = path.with_name(f"{path.name}-journal")
    if journal.is_file() and journal.stat().st_size:
        raise FileExistsError(str(journal))
    return tuple((part.relative_to(path.parent).as_posix(), FileState.of(part.stat())) for part in layer_files(path))


def files_of(catalogue: Catalogue, form: Form) -> list[str]:
    """Return the files that a form is made of: zones first, then what its coverage rests on."""
    stated = form.edition.coverage or form.layer.coverage
    files: list[str | None] = [form.edition.file]
    if stated.file is not None:
        files.append(stated.file)
    if form.territory is not None:
        files.append(catalogue[catalogue.territory_layer].editions[form.territory].file)
    return [file for file in files if file is not None]


def key_of(catalogue: Catalogue, form: Form, plane: MeasuringPlane, digests: list[str]) -> str:
    """Return the digest of all that a form rests on.

    Parameters
    ----------
    digests
        Of the files of `files_of`.
    """
    content: dict[str, object] = {
        "program": [VERSION, code_sha256(), shapely.geos_version_string, __proj_version__],
        "plane": [plane.crs, STEP_M],
        "layer": _definition(form.layer, form.edition_id),
        "files": digests,
    }
    if form.territory is not None:
        content["territories"] = _definition(catalogue[catalogue.territory_layer], form.territory)
    return content_sha256(content)


@cache
def code_sha256() -> str:
    """Return the digest of the code that decides what a prepared layer holds.

    A number that somebody has to raise would be forgotten once; so every release prepares its own.
    """
    sources = sorted(path for package in _DECIDING for path in (_PACKAGE / package).rglob("*.py"))
    digest = hashlib.sha256(f"{__version__}\n{_pyogrio()}".encode())
    for path in sources:
        digest.update(f"\n{path.relative_to(_PACKAGE).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _pyogrio() -> str:
    """Return the version of the library that reads files, with its GDAL, without importing it: that takes long."""
    found = find_spec("pyogrio")
    stated = None if found is None or found.origin is None else Path(found.origin).with_name("_version.py")
    return stated.read_text(encoding="utf-8") if stated is not None and stated.is_file() else ""


def _rests_on_territories(catalogue: Catalogue, layer: Layer, edition: Edition) -> bool:
    return bool((edition.coverage or layer.coverage).territories) and layer.id != catalogue.territory_layer


def _definition(layer: Layer, edition_id: str) -> Mapping[str, object]:
    """Return what decides how zones are read; in lists where the order matters, which the digest does not see."""
    edition = layer.editions[edition_id]
    return {
        **layer.model_dump(mode="json", exclude={*_ASIDE, "classes", "attributes", "coverage"}),
        "classes": [[name, layer.classes[name].codes] for name in layer.classes_in(edition)],
        "attributes": list(layer.attributes),
        "coverage": (edition.coverage or layer.coverage).model_dump(mode="json"),
        "edition": edition.model_dump(mode="json", exclude={*_ASIDE_OF_EDITION, "coverage", "classes"}),
        "edition_id": edition_id,
        "format": Path(str(edition.file)).suffix.lower(),
    }
