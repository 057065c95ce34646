"""The reports of the six examples: all formats carry the figures of the verdict; maps fill their pages at true size."""

import io
import re
from collections.abc import Iterator
from datetime import date

import pytest
from docx import Document
from lxml import html as lxml_html
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

import report_world
from long_runs import times
from zoning.check import Checker, Examination, Refusal
from zoning.cli.demo import find_examples
from zoning.maps.map_product import MapProduct
from zoning.maps.scene import Scene
from zoning.report.document import Picture
from zoning.report.site_maps import MapMaker
from zoning.report.verify import figures_of, verify_report
from zoning.rules.facts import parse_facts, read_facts_file
from zoning.sites import read_sites
from zoning.styles.stylebook import read_stylebook
from zoning.texts import Language
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
WIDTHS = {"haul-road": 20.0}
EXAMPLES = ("coal-panels", "haul-road", "lodge", "processing-plant", "school", "viewing-platform")


@pytest.fixture(scope="module")
def examined(workspace: Workspace) -> dict[str, Examination]:
    return dict(_examined(workspace))


def _examined(workspace: Workspace) -> Iterator[tuple[str, Examination]]:
    checker = Checker(on=ON, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings)
    extent = workspace.extent(ON)
    for example in find_examples(workspace.root / "examples"):
        name = example.site.name.split(".")[0]
        if example.facts is None:
            continue
        common, _ = read_facts_file(workspace.rulebook.vocabulary, example.facts)
        facts = parse_facts(workspace.rulebook.vocabulary, common, name)
        site = read_sites(example.site, expected=extent, width_m=WIDTHS.get(name))[0]
        found = next(checker.check([(site, facts)]))
        assert not isinstance(found, Refusal)
        yield name, found


def test_there_are_six(examined: dict[str, Examination]) -> None:
    assert sorted(examined) == list(EXAMPLES)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        (name, language)
        for row, name in enumerate(EXAMPLES)
        for column, language in enumerate(("zh", "en"))
        # Each example in one of the languages; in both in the long form.
        if (row + column) % 2 == 0 or times(0, 1)
    ],
)
def test_every_format_carries_the_figures_of_the_verdict(
    examined: dict[str, Examination], workspace: Workspace, name: str, language: Language
) -> None:
    maker = report_world.reporter(workspace, language)
    report = maker.report(examined[name])
    files = {to: maker.write(report, to) for to in ("docx", "html", "xlsx")}
    assert all(verify_report(content, name).genuine for content in files.values())
    document = Document(io.BytesIO(files["docx"]))
    in_word = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    in_page = {cell.text_content() for cell in lxml_html.fromstring(files["html"]).xpath("//td")}
    sheets = load_workbook(io.BytesIO(files["xlsx"])).worksheets
    in_book = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type == "n"]
    for _, numbers in figures_of(examined[name].verdict):
        for number in numbers:
            assert number.text in in_word
            assert number.text in in_page
            assert any(value == pytest.approx(number.value, rel=1e-14) for value in in_book if value is not None)


def test_not_affected_is_said_of_no_layer_that_does_not_cover_the_site(
    examined: dict[str, Examination], workspace: Workspace
) -> None:
    maker = report_world.reporter(workspace)
    for found in examined.values():
        covering = {e.title.zh for e in found.verdict.layers if e.status == "not_affected" and e.uncovered_m2 == 0}
        tables = maker.report(found).section("overlay").tables
        told = {
            str(row[0]) if isinstance(row[0], str) else row[0].text
            for table in tables
            for row in table.rows
            if len(row) > 1 and not isinstance(row[1], str) and row[1].text == "不涉及"
        }
        assert told
        assert told <= covering


@pytest.mark.usefixtures("cjk_fonts")
def test_a_map_fills_its_page_at_true_size(examined: dict[str, Examination], workspace: Workspace) -> None:
    from zoning.maps.map_product import read_map_products

    def no_relief(_: Scene, __: MapProduct) -> None:
        return None

    product = read_map_products(workspace.root / "maps" / "products")["site-location"]
    maker = MapMaker(
        catalogue=workspace.catalogue,
        products=[product],
        stylebook=read_stylebook(workspace.root / "styles"),
        source=workspace.source(),
        relief=no_relief,
        language="zh",
        made=report_world.MADE,
    )
    (picture,) = maker.draw(examined["lodge"])
    with Image.open(io.BytesIO(picture.png)) as drawn:
        assert drawn.width == 1653
        assert drawn.height / drawn.width == pytest.approx(297 / 210, rel=1e-3)
    assert (picture.sheet, picture.width_mm, picture.height_mm) == (True, 210.0, 297.0)
    with_map(workspace, examined["lodge"], picture)


def with_map(workspace: Workspace, found: Examination, picture: Picture) -> None:
    """Look for the picture in PDF, Word and page."""
    reporter = report_world.reporter(workspace)
    from zoning.report.composing import report_of

    report = report_of(found, reporter.parts, language="zh", made=report_world.MADE, maps=(picture,))
    reader = PdfReader(io.BytesIO(reporter.write(report, "pdf")))
    (page,) = [page for page in reader.pages if page.extract_text().strip() == ""]
    content = page.get_contents()
    assert content is not None
    scales = [
        tuple(map(float, m)) for m in re.findall(r"([\d.]+) 0 0 (-?[\d.]+) \S+ \S+ cm", content.get_data().decode())
    ]
    wide, high = 1.0, 1.0
    for x, y in scales:
        wide, high = wide * x, high * abs(y)
    assert [wide, high] == pytest.approx([595.28, 841.89], abs=0.5)
    document = Document(io.BytesIO(reporter.write(report, "docx")))
    (anchor,) = document.element.xpath("//wp:anchor")
    extent = anchor.find("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent")
    assert [round(int(extent.get(side)) / 36_000) for side in ("cx", "cy")] == [210, 297]
    assert verify_report(reporter.write(report, "docx"), "map.docx").genuine
    page_text = reporter.write(report, "html").decode()
    assert "附图 1　地理位置图" in page_text
