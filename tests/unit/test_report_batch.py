"""Products of a batch: the workbook, and one report per site with an index page."""

import io
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html as lxml_html
from openpyxl import load_workbook
from pyarrow import parquet

import batch_world
import tiny_workspace
from batch_world import World
from zoning.batch.reports import INDEX
from zoning.cli.batch import BatchRequest, run_batch
from zoning.cli.batch_files import Files
from zoning.cli.intake import Intake
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.quantities import hectares, mu
from zoning.report.digest import short_hash
from zoning.report.verify import verify_report
from zoning.texts import Language

ON = "2026-06-01"
HOSTILE = ("=1+1", "../../逃", "A&B<矿>", "=1+1")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return nine boxes, four of them with names that break what is not escaped, and one that lies nowhere."""
    root = tiny_workspace.build(tmp_path / "w")
    features = batch_world.boxes(9)
    for feature, name in zip(features, HOSTILE, strict=False):
        feature["properties"]["name"] = name
    features[5]["geometry"] = tiny_workspace.polygon((113.2, 35.45, 113.201, 35.451))
    return World(root, batch_world.write_features(tmp_path / "sites.geojson", features))


def run(world: World, out: Path, language: Language = "zh", *, overwrite: bool = False, **files: Any) -> int:
    request = BatchRequest(
        sites=world.file,
        files=Files(out, overwrite=overwrite, **files),
        facts=None,
        sets=("construction=new",),
        on=ON,
        workspace=world.root,
        intake=Intake(),
        processes=1,
        prepare=False,
        maker="甲县行政审批局",
    )
    return run_batch(Session(language, environ={}), request, as_json=True)


def rows_of(path: Path, title: str) -> list[list[Any]]:
    sheet = load_workbook(path)[title]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbook_says_what_the_table_says(world: World, tmp_path: Path) -> None:
    out, book = tmp_path / "r.parquet", tmp_path / "r.xlsx"
    assert run(world, out, workbook=book) == 0
    table = parquet.read_table(out).to_pylist()
    head, *rows = rows_of(book, "地块")
    assert head[:8] == ["序号", "编号", "名称", "结论", "说明", "面积 / m²", "面积 / 公顷", "面积 / 亩"]
    assert len(rows) == len(table) == 9
    for row, wanted in zip(rows, table, strict=True):
        assert row[0] == wanted["number"]
        assert row[2] == wanted["name"]
        assert row[5:8] == [
            pytest.approx(value, rel=1e-14) if value is not None else "—"
            for value in (wanted["area_m2"], wanted["area_ha"], wanted["area_mu"])
        ]
        assert row[4] == (wanted["summary_zh"] or wanted["error_zh"])
    refused = [row for row in rows if row[3] == "未研判"]
    assert [row[0] for row in refused] == [6]


def test_sums_and_layers_of_the_workbook(world: World, tmp_path: Path) -> None:
    out, book = tmp_path / "r.parquet", tmp_path / "r.xlsx"
    run(world, out, workbook=book)
    table = parquet.read_table(out).to_pylist()
    area = sum(row["area_m2"] or 0 for row in table)
    summary = dict(row for row in rows_of(book, "摘要") if row[0] and row[1] is not None)
    assert summary["地块数"] == 9
    assert summary["面积合计 / 公顷"] == pytest.approx(hectares(area))
    assert summary["面积合计 / 亩"] == pytest.approx(mu(area))
    assert summary["未研判 / 个"] == 1
    decided = [row["decision"] for row in table]
    assert summary["受限准入 / 个"] == decided.count("restricted") > 0
    assert summary["判定不通过 / 个"] == decided.count("prohibited")
    head, *layers = rows_of(book, "图层")
    assert head == [
        "图层",
        "涉及 / 个",
        "精度内可能涉及 / 个",
        "不涉及 / 个",
        "数据缺失，未核查 / 个",
        "面积 / m²",
        "面积 / 公顷",
        "面积 / 亩",
        "长度 / m",
    ]
    water = next(row for row in layers if row[0] == "水源")
    assert water[1] == [row["water_status"] for row in table].count("affected")
    assert water[5] == pytest.approx(sum(row["water_overlap_m2"] or 0 for row in table))
    rules = rows_of(book, "规则")
    assert rules[1][:4] == ["R048", "二级区限制建设", "甲县规划 甲政发〔2023〕1号", "第一章"]


def test_no_name_in_the_workbook_is_a_formula_and_it_is_always_the_same(world: World, tmp_path: Path) -> None:
    books = [tmp_path / "1.xlsx", tmp_path / "2.xlsx"]
    for number, book in enumerate(books):
        run(world, tmp_path / f"{number}.parquet", workbook=book)
    assert books[0].read_bytes() == books[1].read_bytes()
    workbook = load_workbook(books[0])
    cells = [cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [cell.value for cell in cells if cell.value == "=1+1"] != []
    with zipfile.ZipFile(io.BytesIO(books[0].read_bytes())) as packed:
        assert len({info.date_time for info in packed.infolist()}) == 1


def test_every_site_has_its_report_and_the_index_leads_to_it(world: World, tmp_path: Path) -> None:
    out, folder = tmp_path / "r.parquet", tmp_path / "reports"
    assert run(world, out, reports=folder, reports_to="html") == 0
    table = parquet.read_table(out).to_pylist()
    page = lxml_html.fromstring((folder / INDEX).read_text(encoding="utf-8"))
    lines = page.xpath("//tbody/tr")
    assert len(lines) == 9
    assert sorted(path.parent for path in folder.rglob("*")) == [folder] * 9
    for line, row in zip(lines, table, strict=True):
        cells = [cell.text_content() for cell in line.xpath("./td")]
        assert cells[0] == str(row["number"])
        links = line.xpath(".//a/@href")
        if row["decision"] is None:
            assert (links, cells[2], cells[5]) == ([], "未研判", row["error_zh"])
            continue
        found = verify_report((folder / unquote(links[0])).read_bytes(), links[0])
        assert found.genuine
        # The hash of the report is the one in the table: a report can be traced to its row.
        assert found.digest == row["verdict_sha256"]
        assert cells[6] == short_hash(row["verdict_sha256"])
        assert cells[3] == f"{row['area_ha']:,.4f}"
    assert page.xpath("//script | //@src | //link") == []


def test_what_is_there_is_not_replaced_unless_asked(world: World, tmp_path: Path) -> None:
    out, folder = tmp_path / "r.parquet", tmp_path / "reports"
    folder.mkdir()
    (folder / "other.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ContentError, match=r"--reports: .* is not empty"):
        run(world, out, reports=folder, reports_to="html")
    assert not out.exists()
    assert run(world, out, overwrite=True, reports=folder, reports_to="html") == 0
    assert (folder / "other.txt").is_file()
    with pytest.raises(UsageError, match="--workbook"):
        run(world, tmp_path / "s.parquet", workbook=tmp_path / "book.xls")


def test_the_english_products(world: World, tmp_path: Path) -> None:
    book, folder = tmp_path / "r.xlsx", tmp_path / "reports"
    run(world, tmp_path / "r.csv", "en", workbook=book, reports=folder, reports_to="html")
    assert load_workbook(book).sheetnames == ["summary", "layers", "rules", "missing", "sites", "sites and layers"]
    page = (folder / INDEX).read_text(encoding="utf-8")
    assert "<h1>Reports · sites.geojson</h1>" in page
    assert "9 sites · checked as of 2026-06-01 · 甲县行政审批局" in page


def test_one_site_is_one_site_and_an_empty_sheet_says_so(world: World, tmp_path: Path) -> None:
    alone = World(world.root, batch_world.write_features(tmp_path / "one.geojson", batch_world.boxes(2)[1:]))
    book, folder, page = tmp_path / "r.xlsx", tmp_path / "reports", tmp_path / "r.html"
    run(alone, tmp_path / "r.csv", "en", workbook=book, reports=folder, reports_to="xlsx", page=page)
    (report,) = (path for path in folder.iterdir() if path.name != INDEX)
    assert verify_report(report.read_bytes(), report.name).genuine
    assert "<p>1 site · checked as of" in (folder / INDEX).read_text(encoding="utf-8")
    assert "1 footprint<" in page.read_text(encoding="utf-8")
    missing = rows_of(book, "missing")
    assert [row[0] for row in missing[1:]] == ["none"]


def test_open_questions_are_words_in_the_language_of_the_workbook(world: World, tmp_path: Path) -> None:
    book = tmp_path / "r.xlsx"
    request = BatchRequest(
        sites=world.file,
        files=Files(tmp_path / "r.csv", workbook=book),
        facts=None,
        sets=(),
        on=ON,
        workspace=world.root,
        intake=Intake(),
        processes=1,
        prepare=False,
    )
    run_batch(Session("zh", environ={}), request, as_json=True)
    head, *rows = rows_of(book, "地块")
    asked = {row[head.index("待补充的事项")] for row in rows} - {None}
    assert asked == {"建设性质"}


def test_rows_of_the_workbook_are_as_high_as_their_texts(world: World, tmp_path: Path) -> None:
    book = tmp_path / "r.xlsx"
    run(world, tmp_path / "r.csv", workbook=book)
    sheet = load_workbook(book)["地块"]
    heights = {number: sheet.row_dimensions[number].height for number in range(2, 11)}
    sentences = {number: str(sheet.cell(number, 5).value) for number in heights}
    assert all(heights.values())
    longest, shortest = (choose(sentences, key=lambda n: len(sentences[n])) for choose in (max, min))
    assert heights[longest] > heights[shortest]


@pytest.mark.usefixtures("cjk_fonts")
def test_reports_have_maps_only_where_they_are_asked_for(world: World, tmp_path: Path) -> None:
    alone = World(world.root, batch_world.write_features(tmp_path / "one.geojson", batch_world.boxes(1)))
    counts = {}
    for maps in (False, True):
        folder = tmp_path / f"reports-{maps}"
        run(alone, tmp_path / f"{maps}.csv", reports=folder, reports_to="html", report_maps=maps)
        (report,) = (path for path in folder.iterdir() if path.name != INDEX)
        counts[maps] = report.read_text(encoding="utf-8").count('<figure class="sheet">')
    assert counts == {False: 0, True: 3}
