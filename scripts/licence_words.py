"""Licences as packages tell them, as SPDX expressions; and which of them may stand in our own wheel."""

import re
from importlib.metadata import PackageMetadata

# Looked up in the licence file of the package, where its metadata do not say which licence of a family it is.
_READ = {"numba": "BSD-2-Clause", "xlrd": "BSD-3-Clause AND BSD-4-Clause", "pygeoif": "LicenseRef-LGPL"}
_WORDS = {
    "apache 2.0": "Apache-2.0",
    "apache license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "license agreement for matplotlib versions 1.3.0 and later": "PSF-2.0",
    "mit license": "MIT",
    "new bsd": "BSD-3-Clause",
}
_CLASSES = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
PERMISSIVE = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT",
    "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib",
})  # fmt: skip
"""May stand in a work under the Apache License 2.0, when their text goes with it."""
OF_THEIR_OWN = frozenset({
    "GPL-2.0-or-later", "LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-3.0-only", "LicenseRef-LGPL", "MPL-1.1", "MPL-2.0",
})  # fmt: skip
"""Ask for something when they are handed on inside another work: installed beside the program, never in its wheel."""
_SIMPLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")


def licence_of(name: str, metadata: PackageMetadata) -> str:
    """Return the licence of a package as an SPDX expression; empty where none is told or the words are not known."""
    expression = _one(metadata, "License-Expression")
    if expression:
        return expression
    if name in _READ:
        return _READ[name]
    told = _one(metadata, "License")
    first = told.splitlines()[0].strip().lower() if told else ""
    if first in _WORDS:
        return _WORDS[first]
    if told in PERMISSIVE | OF_THEIR_OWN:
        return told
    lines = [str(line) for line in metadata.get_all("Classifier") or ()]
    classes = [line.rpartition(" :: ")[2] for line in lines if line.startswith("License :: OSI Approved :: ")]
    return " OR ".join(_CLASSES[one] for one in classes) if classes and all(one in _CLASSES for one in classes) else ""


def _one(metadata: PackageMetadata, name: str) -> str:
    return str(metadata[name] or "").strip() if name in metadata else ""


def parts_of(expression: str) -> set[str]:
    """Return the licences that an expression names; an exception stays with its licence's name left out."""
    words = re.sub(r"WITH\s+\S+", " ", expression)
    return {word for word in _SIMPLE.findall(words) if word not in {"AND", "OR"}}


def is_permissive(expression: str) -> bool:
    """Return whether all licences that an expression names are permissive, or one that may be chosen is."""
    if not expression:
        return False
    choices = re.split(r"\s+OR\s+", expression.strip("()")) if " AND " not in expression else [expression]
    return any(parts_of(choice) <= PERMISSIVE for choice in choices)
