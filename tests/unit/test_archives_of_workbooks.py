"""A workbook that is packed without compression lies in its archive as it is, which must not be taken for it."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from zoning.sites import read_sites
from zoning.sites.formats.kinds import Kind
from zoning.sites.formats.recognise import recognise
from zoning.sites.limits import Limits


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("点号", "经度", "纬度"), (1, 112.4, 35.4), (2, 112.41, 35.4), (3, 112.41, 35.41), (4, 112.4, 35.4)):
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_with_a_workbook_is_an_archive(tmp_path: Path, way: int) -> None:
    path = tmp_path / "范围.zip"
    with zipfile.ZipFile(path, "w", way) as archive:
        archive.writestr("范围.xlsx", workbook())
    assert recognise(path, Limits()) is Kind.ZIP
    assert [site.source for site in read_sites(path, expected=None, crs="EPSG:4490")] == ["范围.zip/范围.xlsx"]


def test_a_workbook_is_known_by_its_parts_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "范围"
    path.write_bytes(workbook())
    assert recognise(path, Limits()) is Kind.WORKBOOK
