"""The report of one parcel: the dossier stands in every format, and the report can still be verified."""

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

import report_world
from desk_world import make_desk
from zoning.cli.mines_dashboard import DashboardRequest
from zoning.cli.mines_report import ParcelReportRequest, facts_of_parcel
from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError, ZoningError
from zoning.mines.curve_picture import curve_png
from zoning.mines.dashboard.content import Curve
from zoning.mines.parcel_report import desk_blocks, with_desk
from zoning.report.document import Paragraph, Picture, Report, Table
from zoning.report.making import Reporter, To
from zoning.report.verify import verify_report
from zoning.texts import Language, Text
from zoning.workspace import Workspace, builtin_root

CARD = make_desk(2).cards[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, cjk_fonts: tuple[str, ...]) -> tuple[Reporter, Report]:
    assert cjk_fonts
    examination, workspace = report_world.examine(tmp_path_factory.mktemp("parcel"), name="东山采石场")
    maker = report_world.reporter(workspace)
    return maker, with_desk(maker.report(examination), CARD)


def test_the_blocks_say_everything_that_the_card_says() -> None:
    blocks = list(desk_blocks(CARD, "en"))
    told = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert told == [
        "Dossier of the parcel",
        "due 2025-12-31: accepted",
        "priority 1",
        "basics",
        "problems",
        "1 in all",
        "vegetation index",
        "recovering: +0.11",
    ]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [table.rows for table in tables] == [
        (("class", "historic"), ("owner", "ZT0")),
        (("ditch unfinished", "open"),),
    ]
    pictures = [block for block in blocks if isinstance(block, Picture)]
    assert [picture.id for picture in pictures] == ["curve-1", "photo-1"]
    assert all(Image.open(io.BytesIO(picture.png)).format == "PNG" for picture in pictures)


@pytest.mark.parametrize("to", ["docx", "pdf", "html", "xlsx"])
def test_every_format_holds_the_dossier_and_verifies(made: tuple[Reporter, Report], to: To, tmp_path: Path) -> None:
    maker, report = made
    content = maker.write(report, to)
    path = tmp_path / f"parcel.{to}"
    path.write_bytes(content)
    found = verify_report(content, path.name)
    assert found.genuine, [text.zh for text in found.sentences]
    text = _text(path, content, to)
    for wanted in ("图斑档案", "应于2025-12-31前完成验收", "优先顺序第1位", "历史遗留矿山", "截排水沟未完成"):
        assert wanted in text, wanted


def test_nothing_is_drawn_of_a_series_without_values() -> None:
    empty = Curve(Text("甲", "a"), CARD.curves[0].dates, tuple(None for _ in CARD.curves[0].dates))
    assert curve_png(empty) is None
    full = curve_png(CARD.curves[0])
    assert full is not None
    assert Image.open(io.BytesIO(full)).size == (1260, 440)
    assert full == curve_png(CARD.curves[0])


def _text(path: Path, content: bytes, to: To) -> str:
    if to == "pdf":
        return re.sub(
            r"\s+", "", subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
        )
    if to == "xlsx":
        book = load_workbook(io.BytesIO(content))
        cells = (str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
        return re.sub(r"\s+", "", "".join(cells))
    source = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml") if to == "docx" else content
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", source.decode()))


@pytest.mark.parametrize(
    ("language", "told", "of_mode"),
    [("zh", "申请人说明", "修复方向“宜林”的设定"), ("en", "told", "set for the mode 'forest'")],
)
def test_a_fact_says_where_it_comes_from(tmp_path: Path, language: Language, told: str, of_mode: str) -> None:
    examination, workspace = report_world.examine(tmp_path)
    maker = report_world.reporter(workspace, language)
    from_mode = Text("修复方向“宜林”的设定", "set for the mode 'forest'")
    for facts_from, wanted in (({}, told), ({"construction": from_mode}, of_mode)):
        report = maker.report(examination, facts_from=facts_from)
        (table,) = (table for table in report.section("project").tables if table.id == "facts")
        assert [row[-1] for row in table.rows] == [wanted]


@pytest.mark.parametrize(
    ("recommended", "mode", "expected"),
    [
        (None, None, {"activity": "register: a mine parcel"}),
        (None, "grass", "set for the mode 'grass' (mines/modes.yaml): "),
        ({"target": {"mode": "grass"}, "law": {"grass": {"facts": {"activity": "mine-restoration"}}}}, None, "set for"),
    ],
)
def test_the_command_names_no_applicant_as_the_source(
    tmp_path: Path, recommended: dict[str, object] | None, mode: str | None, expected: dict[str, str] | str
) -> None:
    if recommended is not None:
        (tmp_path / "mode.json").write_text(json.dumps({"parcels": [{"id": "1", **recommended}]}), encoding="utf-8")
    where = RegisterRequest("mine-parcels", None, None, None)
    desk = DashboardRequest(where, None, tmp_path, None, None, personal=False, photos=False)
    request = ParcelReportRequest(desk, "1", (), tmp_path, mode, "", maps=False)
    sheet, sources = facts_of_parcel(Session("en"), request, Workspace.open(builtin_root()))
    assert sources.keys() == sheet.values.keys()
    if isinstance(expected, dict):
        assert {fact: text.en for fact, text in sources.items()} == expected
    else:
        assert sources
        assert all(text.en.startswith(expected) for text in sources.values())


def refused(folder: Path, parcel: Mapping[str, object], mode: str | None = None) -> ZoningError:
    (folder / "mode.json").write_text(json.dumps({"parcels": [parcel]}), encoding="utf-8")
    where = RegisterRequest("mine-parcels", None, None, None)
    desk = DashboardRequest(where, None, folder, None, None, personal=False, photos=False)
    request = ParcelReportRequest(desk, "1", (), folder, mode, "", maps=False)
    with pytest.raises(ZoningError) as caught:
        facts_of_parcel(Session("en"), request, Workspace.open(builtin_root()))
    return caught.value


def test_another_file_named_mode_is_refused_with_a_sentence(tmp_path: Path) -> None:
    error = refused(tmp_path, {"id": "1"})
    assert isinstance(error, ContentError)
    assert error.text.en == "mode.json: this is no mode.json of zoning mines mode"


def test_a_mode_that_there_is_none_of_is_blamed_on_who_named_it(tmp_path: Path) -> None:
    parcel = {"id": "1", "target": {"mode": "lake"}, "law": {"lake": {"facts": {}}}}
    error = refused(tmp_path, parcel)
    assert isinstance(error, ContentError)
    said, _, allowed = error.text.en.partition("; allowed: ")
    assert said == "mode.json: the mode 'lake' that it recommends for parcel 1 is none of mines/modes.yaml"
    assert allowed.endswith("; run zoning mines mode again, or name one with --mode")
    assert error.text.zh.startswith("mode.json：图斑 1 的建议方向“lake”不在 mines/modes.yaml 中；可用：")
    named = refused(tmp_path, parcel, "lake")
    assert isinstance(named, UsageError)
    assert named.text.en.startswith("--mode: there is no mode 'lake'; allowed: forest, ")


def test_facts_of_the_document_are_blamed_on_it(tmp_path: Path) -> None:
    error = refused(tmp_path, {"id": "1", "target": {"mode": "grass"}, "law": {"grass": {"facts": {"colour": "red"}}}})
    assert error.text.en.startswith("mode.json: ")
