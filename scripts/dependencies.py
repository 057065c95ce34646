"""What the program stands on: packages with version, licence and address, and what of others stands in the wheel.

Read from the metadata of what is installed, or of a folder of wheels. Nothing is asked of a network.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

from licence_words import licence_of

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("cluster", "postgis", "serve", "oidc")
# Addresses of those who only hand packages on say nothing of who makes them.
_NO_HOMES = ("pypi", "hosted.", "npm", "tidelift", "discord", "sponsors", "palletsprojects.com/donate")
_HOMES = ("homepage", "home", "repository", "source", "sources", "source code", "documentation")


@dataclass(frozen=True, slots=True)
class Component:
    """A package of others.

    Attributes
    ----------
    licence
        SPDX expression; empty where none is told.
    home
        Where its makers are; empty where they do not say.
    needs
        Names of what it needs here.
    """

    name: str
    version: str
    licence: str
    home: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vendored:
    """Files of others that stand in the repository, unchanged.

    Attributes
    ----------
    folder
        Where they stand, relative to the root; `files` and `text` (the licence) are in it.
    shipped
        They are in the wheel.
    """

    name: str
    version: str
    licence: str
    home: str
    folder: str
    files: tuple[str, ...]
    text: str
    shipped: bool = True
    holds: tuple[str, ...] = ()


VENDORED = (
    Vendored(
        "leaflet", "1.9.4", "BSD-2-Clause", "https://leafletjs.com", "zoning/maps/assets",
        ("leaflet.js", "leaflet.css"), "leaflet-LICENSE.txt",
    ),
    Vendored(
        "maplibre-gl", "5.24.1", "BSD-3-Clause", "https://maplibre.org", "zoning/maps/assets",
        ("maplibre-gl.js", "maplibre-gl.css"), "maplibre-gl-LICENSE.txt",
        holds=("mapbox-gl-js 1.13 (BSD-3-Clause)", "glfx.js (MIT)", "d3-color (BSD-3-Clause)"),
    ),
    Vendored(
        "pmtiles", "4.5.0", "BSD-3-Clause", "https://github.com/protomaps/PMTiles", "zoning/maps/assets",
        ("pmtiles.js",), "pmtiles-LICENSE.txt", holds=("fflate (MIT)",),
    ),
    Vendored(
        "@geoman-io/leaflet-geoman-free", "2.20.2", "MIT", "https://geoman.io", "zoning/web/static/vendor/geoman",
        ("leaflet-geoman.js", "leaflet-geoman.css"), "LICENSE.txt",
    ),
    Vendored(
        "axe-core", "4.14.1", "MPL-2.0", "https://github.com/dequelabs/axe-core", "tests/web/axe",
        ("axe.min.js",), "axe-LICENSE.txt", shipped=False,
    ),
)  # fmt: skip


def name_of(text: str) -> str:
    """Return a name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", text).lower()


def installed() -> dict[str, Distribution]:
    """Return what is installed beside this program."""
    return _by_name(distributions())


def in_wheels(folder: Path) -> dict[str, Distribution]:
    """Return what the wheels of a folder hold."""
    return _by_name(distributions(path=[str(path) for path in sorted(folder.glob("*.whl"))]))


def wanted(extras: Sequence[str] = EXTRAS) -> list[Requirement]:
    """Return what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


def components(found: Mapping[str, Distribution], requirements: Iterable[Requirement]) -> list[Component]:
    """Return all that the requirements need, by name; markers are those of this computer.

    Raises
    ------
    KeyError
        When something is not there.
    """
    waiting, needs = list(requirements), dict[str, set[str]]()
    done: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name, extras = name_of(requirement.name), frozenset(requirement.extras)
        if (name, extras) in done or not _holds(requirement, frozenset()):
            continue
        done.add((name, extras))
        parts = [Requirement(line) for line in found[name].requires or ()]
        parts = [part for part in parts if _holds(part, extras)]
        needs.setdefault(name, set()).update(name_of(part.name) for part in parts)
        waiting.extend(Requirement(f"{part.name}[{','.join(part.extras)}]") for part in parts)
    return [_component(name, found[name], needs[name]) for name in sorted(needs)]


def sha256_of(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _by_name(found: Iterable[Distribution]) -> dict[str, Distribution]:
    return {name_of(one.metadata["Name"]): one for one in found}


def _holds(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras | {""})


def _component(name: str, found: Distribution, needs: Iterable[str]) -> Component:
    return Component(name, found.version, licence_of(name, found.metadata), _home(found), tuple(sorted(needs)))


def _home(found: Distribution) -> str:
    told: dict[str, str] = {}
    for line in found.metadata.get_all("Project-URL") or ():
        label, _, address = line.partition(",")
        told[label.strip().lower()] = address.strip()
    page = found.metadata["Home-page"] if "Home-page" in found.metadata else ""  # noqa: SIM401 - the type has no get
    addresses = [page, *(told.get(label, "") for label in _HOMES), *told.values()]
    return next((one for one in addresses if one and not any(word in one.lower() for word in _NO_HOMES)), "")
