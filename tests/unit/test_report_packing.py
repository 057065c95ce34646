"""What ties a report to its verdict: hashes, the seal of its text, and packed files without a clock."""

import hashlib
import io
import json
import zipfile

import pytest

from zoning.report.digest import MARK, qr_svg, short_hash, verdict_digest
from zoning.report.document import Column, Number, Section, Table, Word, cell_text
from zoning.report.seal import SCHEMA, Seal, plain_lines
from zoning.report.spoken import count_text
from zoning.report.zips import with_fixed_dates

SEAL = Seal("ab" * 32, "zh", ("判定不通过", "1.5891公顷"))


# --- hashes ---------------------------------------------------------------------------------------------------------


def test_the_digest_is_that_of_the_standard() -> None:
    """FIPS 180-4: the SHA-256 of "abc"."""
    assert verdict_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_digest_is_of_utf_8() -> None:
    assert verdict_digest("甲") == hashlib.sha256(b"\xe7\x94\xb2").hexdigest()


def test_the_short_form_is_the_first_sixty_four_bits_in_groups() -> None:
    assert short_hash("ba7816bf8f01cfea414140de5dae2223") == "ba78-16bf-8f01-cfea"


def test_the_qr_code_has_no_size_of_its_own() -> None:
    svg = qr_svg("ab" * 32)
    assert svg.startswith("<svg xmlns=")
    assert "width=" not in svg.split(">", 1)[0]
    assert qr_svg("ab" * 32) == svg != qr_svg("cd" * 32)


def test_the_text_of_the_qr_code_needs_capitals_and_digits_alone() -> None:
    """The alphanumeric mode of ISO/IEC 18004 has 45 signs."""
    assert set(MARK + ("ab" * 32).upper()) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


# --- the seal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seal", [SEAL, Seal("0" * 64, "en", (), complete=False)])
def test_a_seal_is_read_as_it_was_written(seal: Seal) -> None:
    assert Seal.from_json(seal.to_json()) == seal


def test_a_seal_says_what_it_is() -> None:
    told = json.loads(SEAL.to_json())
    assert told["schema"] == SCHEMA == "zoning.report/1"
    assert (told["verdict_sha256"], told["language"], told["complete"]) == ("ab" * 32, "zh", True)
    assert told["lines"] == ["判定不通过", "1.5891公顷"]
    assert "判定不通过" in SEAL.to_json()


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": ["判定通过", "1.5891公顷"]},
        {"lines": ["判定不通过"]},
        {"lines": ["判定不通过1.5891公顷"]},
        {"text_sha256": "0" * 64},
        {"schema": "zoning.report/2"},
        {"schema": None},
    ],
    ids=lambda value: next(iter(value)),
)
def test_a_seal_whose_lines_were_changed_is_none(changes: dict[str, object]) -> None:
    told = json.loads(SEAL.to_json()) | changes
    with pytest.raises(ValueError, match=r"text_sha256|zoning\.report"):
        Seal.from_json(json.dumps(told))


@pytest.mark.parametrize("text", ["[]", '"x"', "null", "{"])
def test_what_is_no_seal_at_all(text: str) -> None:
    with pytest.raises(ValueError, match=r"zoning\.report|Expecting"):
        Seal.from_json(text)


@pytest.mark.parametrize(("stated", "complete"), [(True, True), (False, False), ("true", False), (1, False)])
def test_only_what_says_so_is_complete(stated: object, *, complete: bool) -> None:
    told = json.loads(SEAL.to_json()) | {"complete": stated}
    assert Seal.from_json(json.dumps(told)).complete is complete


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        ([], ()),
        (["", " ", "\n\t", "\u3000"], ()),
        (["一 级\n区", "1.5891 公顷"], ("一级区", "1.5891公顷")),
        (["a\u00a0b\u2009c"], ("abc",)),
    ],
)
def test_white_space_is_not_sealed(texts: list[str], lines: tuple[str, ...]) -> None:
    assert plain_lines(texts) == lines


# --- packed files ---------------------------------------------------------------------------------------------------


def packed(*parts: tuple[str, bytes], year: int = 2024) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in parts:
            target.writestr(zipfile.ZipInfo(name, (year, 1, 2, 3, 4, 6)), content)
    return made.getvalue()


CORE = (
    b'<dcterms:created xsi:type="dcterms:W3CDTF">2024-01-02T03:04:05Z</dcterms:created>'
    b"<dc:title>2024</dc:title><dcterms:modified>2025-01-01T00:00:00Z</dcterms:modified>"
)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return {name: source.read(name) for name in source.namelist()}


def test_two_files_that_differ_in_their_clock_alone_become_one() -> None:
    parts = [("[Content_Types].xml", b"t"), ("a.xml", b"a"), ("docProps/core.xml", CORE)]
    one = with_fixed_dates(packed(*parts), "2026-06-02")
    other = with_fixed_dates(packed(*reversed(parts), year=2020), "2026-06-02")
    assert one == other
    assert list(parts_of(one)) == ["[Content_Types].xml", "a.xml", "docProps/core.xml"]


def test_dates_of_the_document_are_the_day_and_nothing_else_changes() -> None:
    made = parts_of(with_fixed_dates(packed(("docProps/core.xml", CORE), ("a.xml", CORE)), "2026-06-02"))
    assert made["a.xml"] == CORE
    assert made["docProps/core.xml"] == (
        b'<dcterms:created xsi:type="dcterms:W3CDTF">2026-06-02T00:00:00Z</dcterms:created>'
        b"<dc:title>2024</dc:title><dcterms:modified>2026-06-02T00:00:00Z</dcterms:modified>"
    )


@pytest.mark.parametrize(("day", "year"), [("2026-06-02", 2026), ("1980-01-01", 1980), ("1975-05-06", 1980)])
def test_parts_bear_the_day_as_far_back_as_a_zip_can_say(day: str, year: int) -> None:
    with zipfile.ZipFile(io.BytesIO(with_fixed_dates(packed(("a", b"x" * 500)), day))) as found:
        (info,) = found.infolist()
    assert info.date_time[0] == year
    assert info.date_time[1:] == (int(day[5:7]), int(day[8:]), 0, 0, 0)
    assert info.compress_size < 100
    assert info.external_attr >> 16 == 0o600


# --- the model ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("甲", "甲"),
        (Word("不涉及", "quiet"), "不涉及"),
        (Number(1234.5), "1,234.50"),
        (Number(1234.567, 0), "1,235"),
        (Number(0.00004, 4), "0.0000"),
        (Number(-2.5, 1), "-2.5"),
    ],
)
def test_cells_as_they_are_printed(cell: str | Word | Number, text: str) -> None:
    assert cell_text(cell) == text


def test_a_head_names_its_unit() -> None:
    assert (Column("面积", "m²").head, Column("备注").head) == ("面积 / m²", "备注")


def test_a_section_without_a_number_has_its_title_alone() -> None:
    table = Table("t", (), ())
    assert Section("x", "", "附图", (table,)).heading == "附图"
    assert Section("x", "3", "结果", (table,)).heading == "3 结果"
    assert Section("x", "3", "结果", (table,)).tables == (table,)


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [(0, "0 处问题", "0 differences"), (1, "1 处问题", "1 difference"), (2, "2 处问题", "2 differences")],
)
def test_one_difference_and_several(count: int, zh: str, en: str) -> None:
    assert (count_text(count).zh, count_text(count).en) == (zh, en)
