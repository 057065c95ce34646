"""What is streamed is what is read: over the files of the intake corpus, and over every start and size of slices."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from intake_cases import Case, Read
from long_runs import times
from zoning.errors import ZoningError
from zoning.sites import read_sites
from zoning.sites.limits import Options
from zoning.sites.streaming import Row, count_sites, stream_sites
from zoning.texts import Text

_INTAKE = Path(__file__).parent.parent / "intake"
_EVERY = 4
"""Of the formats that are read at once, and of the coordinate systems, every fourth file: their way is the same."""


def _corpus() -> list[Case]:
    found: dict[str, Case] = {}
    for path in sorted(_INTAKE.glob("test_*.py")):
        spec = spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        listed = getattr(module, "CASES", [])
        sliced = any(word in path.stem for word in ("vector", "quality", "same", "silent"))
        found |= {f"{path.stem}-{case.name}": case for case in listed[:: 1 if sliced else times(_EVERY, 1)]}
    return [Case(name, case.make, case.expect, case.options, case.expected) for name, case in found.items()]


CORPUS = _corpus()


def _rows(case: Case, path: Path, *, rows: int = 1000, start: int = 0) -> list[Row]:
    slices = stream_sites(path, Options(expected=case.expected, **case.options), rows=rows, start=start)
    return [row for found in slices for row in found]


@pytest.mark.parametrize("case", [case for case in CORPUS if isinstance(case.expect, Read)], ids=lambda case: case.name)
def test_a_file_that_is_read_gives_the_same_sites(case: Case, tmp_path: Path) -> None:
    path = case.make(tmp_path)
    sites = read_sites(path, expected=case.expected, **case.options)
    rows = _rows(case, path)
    assert tuple(row.site for row in rows) == sites
    assert [(row.number, row.name, row.error) for row in rows] == [(n, site.name, None) for n, site in enumerate(sites)]
    assert _rows(case, path, rows=1, start=len(sites) // 2) == rows[len(sites) // 2 :]
    assert count_sites(path, Options(expected=case.expected, **case.options)) in (None, len(sites))


# Limits of size are others for files that are read in slices; see test_sites_streaming.py.
REFUSED = [case for case in CORPUS if not isinstance(case.expect, Read) and "limits" not in case.options]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_file_that_is_refused_is_refused_or_has_a_row_that_says_so(case: Case, tmp_path: Path) -> None:
    path = case.make(tmp_path)
    with pytest.raises(ZoningError) as caught:
        read_sites(path, expected=case.expected, **case.options)
    refused, said = _said(case, path)
    assert (type(caught.value), caught.value.text) in said
    assert not refused or len(said) == 1


def _said(case: Case, path: Path) -> tuple[bool, list[tuple[type[ZoningError], Text]]]:
    """Return whether the file was refused, and the errors."""
    try:
        rows = _rows(case, path)
    except ZoningError as error:
        return True, [(type(error), error.text)]
    return False, [(type(row.error), row.error.text) for row in rows if row.error is not None]
