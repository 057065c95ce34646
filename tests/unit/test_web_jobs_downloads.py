"""Results on their way to a browser: what it may show, under which name, all in one archive."""

import io
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest

from zoning.web.jobs.downloads import disposition, kind_of, zipped
from zoning.web.jobs.job import Result


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.HTM", "text/html; charset=utf-8"),
        ("图 1.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.JPEG", "image/jpeg"),
        ("a.pdf", "application/pdf"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.md", "text/plain; charset=utf-8"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.b.geojson", "application/geo+json"),
        ("a.gpkg", "application/geopackage+sqlite3"),
        ("a.zip", "application/zip"),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.parquet", "application/vnd.apache.parquet"),
        ("a.tif", "image/tiff"),
        ("a.exe", "application/octet-stream"),
        ("html", "application/octet-stream"),
        ("a.html.bak", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_the_end_of_a_name_says_what_a_file_is(name: str, media: str) -> None:
    assert kind_of(name).media == media


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.svg"])
def test_what_could_run_scripts_is_sent_apart_from_the_session(name: str) -> None:
    assert kind_of(name).is_document


@pytest.mark.parametrize(
    ("name", "shown", "framed"),
    [
        ("a.html", True, True),
        ("a.svg", True, True),
        ("a.png", True, True),
        ("a.jpeg", True, True),
        ("a.pdf", True, False),
        ("a.txt", True, False),
        ("a.json", True, False),
        ("a.csv", False, False),
        ("a.zip", False, False),
        ("a.xlsx", False, False),
        ("a.unknown", False, False),
        ("svg", False, False),
    ],
)
def test_what_is_not_known_is_saved_and_never_shown(name: str, shown: bool, framed: bool) -> None:
    assert (kind_of(name).is_shown, kind_of(name).is_framed) == (shown, framed)


@pytest.mark.parametrize(
    ("name", "plain", "exact"),
    [
        ("a.csv", "a.csv", "a.csv"),
        ("A b(1)+c-d_e.csv", "A b(1)+c-d_e.csv", "A b(1)+c-d_e.csv"),
        ("结论.pdf", "__.pdf", "结论.pdf"),
        ('a"b.csv', "a_b.csv", 'a"b.csv'),
        ("a;b.csv", "a_b.csv", "a;b.csv"),
        ("a\r\nSet-Cookie: x", "a__Set-Cookie_ x", "a__Set-Cookie: x"),
        ("a/b\\c.csv", "a_b_c.csv", "a_b_c.csv"),
        ("a\x7f%41.csv", "a__41.csv", "a_%41.csv"),
    ],
)
def test_a_name_in_any_script_leads_nowhere_and_adds_no_header(name: str, plain: str, exact: str) -> None:
    header = disposition(name, inline=False)
    head, _, tail = header.partition("; filename*=UTF-8''")
    assert head == f'attachment; filename="{plain}"'
    assert unquote(tail) == exact
    assert tail.isascii()
    assert not set(tail) & set("\r\n/\"'; ")


def test_a_file_is_shown_in_the_browser_where_that_is_asked() -> None:
    assert disposition("a.pdf", inline=True) == "inline; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"


def test_an_archive_holds_every_result_byte_for_byte(tmp_path: Path) -> None:
    contents = {"a.csv": b"a,b\r\n", "maps/图.svg": b"<svg/>", "empty.txt": b"", "large.tif": bytes(range(256)) * 3000}
    results = []
    for number, (name, content) in enumerate(contents.items()):
        path = tmp_path / str(number)
        path.write_bytes(content)
        results.append(Result(name, len(content), path))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(zipped(results))))
    assert archive.testzip() is None
    assert archive.namelist() == list(contents)
    assert {name: archive.read(name) for name in archive.namelist()} == contents
    assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_DEFLATED}


def test_an_archive_of_nothing_can_be_opened() -> None:
    assert zipfile.ZipFile(io.BytesIO(b"".join(zipped([])))).namelist() == []


def test_a_large_file_is_sent_piece_by_piece(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"\0" * 1_000_000)
    pieces = list(zipped([Result("large", 1_000_000, tmp_path / "large")]))
    assert len(pieces) == 1 + -(-1_000_000 // (1 << 18))
