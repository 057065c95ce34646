"""Every file of the corpus that can be read is read the same from an archive."""

import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from intake_cases import Case, Read
from zoning.sites import Site, read_sites

HERE = Path(__file__).parent
MODULES = sorted(path.stem for path in HERE.glob("test_*.py") if path.stem != Path(__file__).stem)
_PACKED = (".zip", ".kmz")


def readable(module: str) -> list[Case]:
    spec = spec_from_file_location(module, HERE / f"{module}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return [case for case in getattr(loaded, "CASES", []) if isinstance(case.expect, Read)]


def packed(path: Path) -> Path:
    """Pack a file with what stands beside it, or a folder."""
    archive = path.parent / "packed.zip"
    beside = sorted(path.parent.iterdir())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for file in sorted(path.iterdir()) if path.is_dir() else beside:
            if file.is_file() and (path.is_dir() or file.stem.lower() == path.stem.lower()):
                target.write(file, f"{path.name}/{file.name}" if path.is_dir() else file.name)
    return archive


def told(sites: tuple[Site, ...]) -> list[tuple[str, str, bytes, str, int, list[str]]]:
    return [
        (site.id, site.crs, site.geometry.wkb, str(site.width_m), len(site.warnings), [r.kind for r in site.repairs])
        for site in sites
    ]


@pytest.mark.parametrize("module", MODULES)
def test_same_from_an_archive(module: str, tmp_path: Path) -> None:
    for number, case in enumerate(readable(module)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = case.make(folder)
        suffix = path.suffix.lower()
        if suffix in _PACKED or not suffix or (path.is_dir() and suffix != ".gdb"):
            continue  # what has no suffix is not looked for in archives; a folder of shapefiles is packed file by file
        plain = read_sites(path, expected=case.expected, **case.options)
        inside = read_sites(packed(path), expected=case.expected, **case.options)
        assert told(inside) == told(plain), case.name
        assert inside[0].source.startswith("packed.zip/"), case.name
