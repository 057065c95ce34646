"""The files that leave: fonts embedded, SVG well formed, nothing a name can break."""

import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree
from shapely.geometry import box

from pdf_paths import text_of
from scenes_for_tests import MADE, drawn, layer, product, stylebook, territory, zones
from zoning.errors import ZoningError
from zoning.maps import fonts
from zoning.maps.paper.render import render_paper
from zoning.texts import Text


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="poppler-utils is not installed")
def test_all_fonts_are_embedded_truetype(tmp_path: Path) -> None:
    path = tmp_path / "map.pdf"
    path.write_bytes(render_paper(territory(), product(), stylebook(), "zh", MADE, to="pdf", dpi=60))

    done = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)

    rows = done.stdout.splitlines()[2:]
    assert rows
    assert done.stderr == ""
    assert all("CID TrueType" in row and "yes yes yes" in row for row in rows), done.stdout


def test_an_svg_is_well_formed_and_in_millimetres_of_the_paper() -> None:
    svg = render_paper(territory(), product(paper={"size": "A4"}), stylebook(), "zh", MADE, to="svg", dpi=60)

    root = etree.fromstring(svg)

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert sorted(float(root.get(side).removesuffix("pt")) for side in ("width", "height")) == pytest.approx(
        [210 / 25.4 * 72, 297 / 25.4 * 72], abs=0.01
    )
    assert not root.findall(".//{http://www.w3.org/2000/svg}text"), "glyphs are drawn: no reader lacks the font"


def test_hostile_names_are_drawn_as_they_are() -> None:
    title = Text("$x^2$ & <b>", "$x^2$ & <b>")
    hostile = [("1", "$\\frac{1}{2}$ </svg><script>", box(-3000, -3000, 3000, 3000))]
    scene = territory((drawn(layer("nature-parks", title, {"geopark": title}), zones("geopark", hostile)),))

    pdf = render_paper(scene, product(), stylebook(), "zh", MADE, to="pdf", dpi=60)

    assert "$\\frac{1}{2}$ </svg><script>" in text_of(pdf)
    svg = render_paper(scene, product(), stylebook(), "zh", MADE, to="svg", dpi=60)
    assert not etree.fromstring(svg).findall(".//{*}script")


def test_a_name_with_a_character_that_no_font_has_is_refused() -> None:
    title = Text("公园", "parks")
    strange = [("1", "村\ue123", box(-3000, -3000, 3000, 3000))]
    scene = territory((drawn(layer("nature-parks", title, {"geopark": title}), zones("geopark", strange)),))

    with pytest.raises(ZoningError, match="U\\+E123"):
        render_paper(scene, product(), stylebook(), "zh", MADE, to="pdf", dpi=60)


def test_without_a_chinese_font_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "font_files", list)

    with pytest.raises(ZoningError, match="apt install fonts-noto-cjk"):
        render_paper(territory(), product(), stylebook(), "zh", MADE, to="pdf")
