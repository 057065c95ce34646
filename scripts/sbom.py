"""Write a bill of materials (SBOM, CycloneDX 1.6 JSON): the program, its dependencies, files of others in the wheel.

python scripts/sbom.py FILE               # of what is installed
python scripts/sbom.py FILE --wheels DIR  # of the wheels in a folder, with their digests

The same materials give the same bytes: no moment of writing is in it, its serial number comes from its content.
"""

import argparse
import json
import sys
import uuid
from collections.abc import Mapping, Sequence
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from dependencies import (
    EXTRAS,
    ROOT,
    VENDORED,
    Component,
    Vendored,
    components,
    in_wheels,
    installed,
    sha256_of,
    wanted,
)
from licence_words import parts_of

NAME = "zoning-check"
_SPACE = uuid.UUID("6f1d1b0a-3d3e-5c59-9a39-2f6c2a6f0c10")
"""Serial numbers of our bills are drawn from here."""


def bill(
    version: str,
    found: Sequence[Component],
    direct: Sequence[str],
    digests: Mapping[str, str] | None = None,
    vendored: Sequence[Vendored] = VENDORED,
) -> dict[str, Any]:
    """Return the bill.

    Parameters
    ----------
    version
        Of the program.
    direct
        Names of what the program itself asks for.
    digests
        SHA-256 of the wheel of each package, by name; where wheels are at hand.
    """
    known = digests or {}
    shipped = [one for one in vendored if one.shipped]
    program = _with_digest(
        {
            "type": "application", "bom-ref": NAME, "name": NAME, "version": version,
            "licenses": [{"license": {"id": "Apache-2.0"}}], "purl": f"pkg:pypi/{NAME}@{version}",
            "components": [_of_others(one) for one in shipped],
        },
        known.get(NAME),
    )  # fmt: skip
    dependencies = [{"ref": NAME, "dependsOn": sorted(set(direct) & {one.name for one in found})}]
    dependencies += [{"ref": one.name, "dependsOn": list(one.needs)} for one in found]
    content = {
        "metadata": {"component": program, "lifecycles": [{"phase": "build"}]},
        "components": [_with_digest(_package(one), known.get(one.name)) for one in found],
        "dependencies": dependencies,
    }
    serial = uuid.uuid5(_SPACE, json.dumps(content, sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        **content,
    }


def _package(one: Component) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "library", "bom-ref": one.name, "name": one.name, "version": one.version,
        "licenses": _licences(one.licence), "purl": f"pkg:pypi/{one.name}@{one.version}",
    }  # fmt: skip
    if one.home:
        told["externalReferences"] = [{"type": "website", "url": one.home}]
    return told


def _of_others(one: Vendored) -> dict[str, Any]:
    files = [
        {
            "type": "file", "bom-ref": f"{one.name}/{name}", "name": f"{one.folder}/{name}",
            "hashes": [{"alg": "SHA-256", "content": sha256_of(ROOT / one.folder / name)}],
        }
        for name in one.files
    ]  # fmt: skip
    return {
        "type": "library", "bom-ref": one.name, "name": one.name, "version": one.version,
        "licenses": _licences(one.licence), "purl": f"pkg:npm/{one.name.replace('@', '%40')}@{one.version}",
        "externalReferences": [{"type": "website", "url": one.home}], "components": files,
    }  # fmt: skip


def _licences(expression: str) -> list[dict[str, Any]]:
    parts = parts_of(expression)
    if any(part.startswith("LicenseRef-") for part in parts):
        return [{"license": {"name": expression.removeprefix("LicenseRef-")}}]
    if parts == {expression}:
        return [{"license": {"id": expression}}]
    return [{"expression": expression}] if expression else []


def _with_digest(told: dict[str, Any], digest: str | None) -> dict[str, Any]:
    return told if digest is None else {**told, "hashes": [{"alg": "SHA-256", "content": digest}]}


def of_wheels(folder: Path, extras: Sequence[str]) -> dict[str, Any]:
    """Return the bill of the wheels in a folder, the program's among them."""
    found = in_wheels(folder)
    names = {_name_of_wheel(path): sha256_of(path) for path in sorted(folder.glob("*.whl"))}
    return _bill(found, extras, names, found[NAME].version)


def of_installed(version: str, extras: Sequence[str] = EXTRAS) -> dict[str, Any]:
    """Return the bill of what is installed."""
    return _bill(installed(), extras, {}, version)


def _bill(
    found: Mapping[str, Distribution], extras: Sequence[str], digests: Mapping[str, str], version: str
) -> dict[str, Any]:
    asked = wanted(extras)
    direct = [one.name.lower().replace("_", "-").replace(".", "-") for one in asked]
    return bill(version, components(found, asked), direct, digests)


def _name_of_wheel(path: Path) -> str:
    return path.name.partition("-")[0].lower().replace("_", "-").replace(".", "-")


def write(target: Path, told: Mapping[str, Any]) -> None:
    """Write a bill."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Write the bill that the arguments ask for."""
    from zoning import __version__

    parser = argparse.ArgumentParser(description="bill of materials, CycloneDX 1.6")
    parser.add_argument("file", type=Path)
    parser.add_argument("--wheels", type=Path)
    parser.add_argument("--extras", default=",".join(EXTRAS))
    given = parser.parse_args(arguments)
    extras = given.extras.split(",")
    write(given.file, of_wheels(given.wheels, extras) if given.wheels else of_installed(__version__, extras))


if __name__ == "__main__":
    main(sys.argv[1:])
