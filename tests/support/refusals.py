"""Refused boundary files against the sentences of tests/broken/site_sentences.yaml."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import boundary_writers as bw
from zoning.errors import ZoningError
from zoning.sites import read_sites

Maker = Callable[[Path], Path]
Sentence = Mapping[str, str]

_FILE = Path(__file__).parents[1] / "broken" / "site_sentences.yaml"
SENTENCES: Mapping[str, Mapping[str, Sentence]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def refused(path: Path, kind: type[ZoningError], sentence: Sentence, **options: Any) -> None:
    """Read a file that must be refused with exactly this class and this sentence, in both languages."""
    with pytest.raises(ZoningError) as caught:
        read_sites(path, expected=bw.EXPECTED, **options)
    found = {"zh": caught.value.get("zh"), "en": caught.value.get("en")}
    assert found == sentence, found
    assert type(caught.value) is kind, type(caught.value)


def file(name: str, text: str | bytes) -> Maker:
    """Return a function that writes one file into a folder."""
    return lambda folder: bw.write(folder / name, text)


def rows(*rings: bw.Ring, code: str = "EPSG:4525") -> list[str]:
    """Return the point rows of a coordinate TXT."""
    return bw.txt_rows(rings, code)
