"""`zoning map` with products: what is made of what, how files are called, which sentences refuse."""

from pathlib import Path
from typing import Any

import pypdf
import pytest

import scene_world
import tiny_workspace
from command_process import run_zoning
from zoning.cli.check import CheckRequest
from zoning.cli.map import MapRequest, file_name, read_products, run_map_command, run_map_formats
from zoning.cli.map_options import PaperName, Target, scale_of
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError, ZoningError
from zoning.texts import Text
from zoning.workspace import Workspace, builtin_root

ON = "2026-06-01"
PRODUCT = """\
title: {{zh: {zh}, en: {en}}}
of: {of}
layers: [{{layer: {layer}}}]
{more}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a workspace with three products of its own."""
    folder = scene_world.build(tmp_path / "w")
    products = folder / "maps" / "products"
    products.mkdir(parents=True)
    for name, of, layer, more in (
        ("units", "territory", "units", "paper: {size: A4}"),
        ("banks", "strip", "rivers", "strip: {layer: rivers, distance: 500 m}\npaper: {size: A4}"),
        ("open", "territory", "water", "audience: public\npaper: {size: A4}"),
    ):
        text = PRODUCT.format(zh=f"图{name}", en=f"map of {name}", of=of, layer=layer, more=more)
        (products / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def request(root: Path, out: Path, **more: object) -> MapRequest:
    check = CheckRequest(None, None, (), ON, root, out=out)
    options: dict[str, Any] = {"territory": "140522", "to": Target.pdf, **more}
    return MapRequest(check, **options)


def refusal(made: MapRequest) -> Text:
    with pytest.raises(ZoningError) as caught:
        run_map_command(Session("en"), made)
    return caught.value.text


def test_one_product_is_one_file_named_after_territory_and_product(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run_map_command(Session("en"), request(root, out, product="units")) == 0
    assert capsys.readouterr().out == f"{out / '140522-units.pdf'}\n"
    text = pypdf.PdfReader(out / "140522-units.pdf").pages[0].extract_text()
    assert "map of units" in text
    assert [path.name for path in out.iterdir()] == ["140522-units.pdf"]


def test_all_makes_every_product_of_a_territory(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run_map_command(Session("zh"), request(root, out, every=True, territory="甲县")) == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == ["140522-banks-小河.pdf", "140522-open.pdf", "140522-units.pdf"]
    assert sorted(path.name for path in out.iterdir()) == sorted(names)


def test_paper_and_scale_of_the_call_win(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = request(root, out, product="units", paper=PaperName.a3, scale="1:250000")
    assert run_map_command(Session("en"), made) == 0
    page = pypdf.PdfReader(out / "140522-units.pdf").pages[0]
    # A3 is 420 x 297 mm; a point is 1/72 inch.
    sides = sorted(float(side) / 72 * 25.4 for side in (page.mediabox.width, page.mediabox.height))
    assert sides == pytest.approx([297, 420], abs=0.1)
    assert "250" in page.extract_text()


@pytest.mark.parametrize("target", [Target.pdf, Target.png, Target.svg])
def test_no_scale_cuts_off_a_part_of_what_is_framed(root: Path, tmp_path: Path, target: Target) -> None:
    # 18 km wide and 22 km high: A4 shows 21 km at 1:100,000, and 12 km of height at 1:50,000.
    told = refusal(request(root, tmp_path / "out", product="units", scale="1:50000", to=target))
    assert told == Text(
        "甲县按 1:50000 在 A4 图幅上放不下；请换用更大的图幅、更小的比例尺，或 --scale fit",
        "甲县 has no room on A4 at 1:50000: choose larger paper, a smaller scale, or --scale fit",
    )
    assert not (tmp_path / "out").exists()


def test_a_large_site_gets_a_smaller_scale_than_its_product_says(tmp_path: Path) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    # 16 km long: the location map is drawn at 1:50,000 on A4, which shows 11 km.
    site = tiny_workspace.site_file(tmp_path / "site.geojson", (112.31, 35.5, 112.49, 35.501))
    check = CheckRequest(site, None, ("construction=new",), ON, root, out=tmp_path / "out")
    assert run_map_command(Session("en"), MapRequest(check, "site-location", to=Target.pdf)) == 0
    text = pypdf.PdfReader(tmp_path / "out" / "site-site-location.pdf").pages[0].extract_text()
    assert "1:100 000" in " ".join(text.split())


def test_the_same_call_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_map_command(Session("zh"), request(root, tmp_path / name, product="units"))
    one, two = ((tmp_path / name / "140522-units.pdf").read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("target", [Target.pdf, Target.html, Target.svg])
def test_nothing_that_is_not_public_leaves_the_program(root: Path, tmp_path: Path, target: Target) -> None:
    """The map for the office holds the secrets, so that the test would see them."""
    office = root / "maps" / "products" / "office.yaml"
    text = (root / "maps" / "products" / "open.yaml").read_text(encoding="utf-8")
    office.write_text(text.replace("audience: public", "tables: [zones]"), encoding="utf-8")
    told = {}
    for name in ("open", "office"):
        run_map_command(Session("zh"), request(root, tmp_path / name, product=name, to=target))
        (path,) = (tmp_path / name).iterdir()
        content = path.read_bytes()
        if target is Target.pdf:
            # Cells are wrapped.
            told[name] = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)
        else:
            told[name] = content.decode("utf-8")
        for secret in scene_world.SECRETS:
            # Not as plain bytes either, in any encoding that a PDF uses for its strings.
            if name == "open":
                assert secret.encode("utf-8") not in content
                assert secret.encode("utf-16-be") not in content
    if target is not Target.svg:  # an SVG is drawn in outlines
        assert "张三水源" in told["office"]
    assert [secret for secret in scene_world.SECRETS if secret in told["open"]] == []


def test_a_river_is_asked_for_by_name(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = request(root, tmp_path / "out", product="banks", rivers=("V1",))
    assert run_map_command(Session("zh"), made) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'out' / '140522-banks-小河.pdf'}\n"
    assert refusal(request(root, tmp_path, product="banks", rivers=("大河",))).en == (
        "the territory has no river '大河'; choose one of: 小河"
    )


def test_a_territory_without_rivers_says_so_and_goes_on(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = request(root, tmp_path / "out", every=True, territory="140825")
    assert run_map_command(Session("en"), made) == 0
    done = capsys.readouterr()
    assert "banks: the territory has no rivers\n" in done.err
    assert [Path(line).name for line in done.out.splitlines()] == ["140825-open.pdf", "140825-units.pdf"]


def test_an_unknown_product_lists_those_that_fit(root: Path, tmp_path: Path) -> None:
    assert refusal(request(root, tmp_path, product="water")) == Text(
        "没有地图产品“water”；可用：\n  banks  图banks\n  open  图open\n  units  图units",
        "there is no map product 'water'; choose one of:\n"
        "  banks  map of banks\n  open  map of open\n  units  map of units",
    )


def test_a_product_of_another_subject_is_refused(tmp_path: Path) -> None:
    assert refusal(request(builtin_root(), tmp_path, product="site-units")) == Text(
        "产品 site-units 的对象是地块（SITE）；请相应地给出", "product site-units is made of a site (SITE): give that"
    )


def test_a_product_that_names_what_its_layer_lacks_is_refused(root: Path, tmp_path: Path) -> None:
    path = root / "maps" / "products" / "units.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("layer: units", "layer: units, classes: [first]"))
    text = refusal(request(root, tmp_path, product="units"))
    assert text == Text(
        "maps/products/units.yaml：图层 units 没有“first”；可用：priority, key, general",
        "maps/products/units.yaml: layer units has no 'first'; allowed: priority, key, general",
    )


@pytest.mark.parametrize(
    ("site", "more", "sentence"),
    [
        (
            None,
            {"territory": None},
            "name a boundary file (zoning map SITE) or a territory (zoning map --territory CODE), one of the two",
        ),
        (
            Path("s.txt"),
            {},
            "name a boundary file (zoning map SITE) or a territory (zoning map --territory CODE), one of the two",
        ),
        (None, {"every": True, "product": "units"}, "--all makes every product: leave --product out"),
        (Path("s.txt"), {"territory": None, "rivers": ("a",)}, "--river goes with --territory"),
        (
            Path("s.txt"),
            {"territory": None, "to": Target.html, "scale": "1:5000"},
            "the page of a site holds all layers; --product, --all, --paper, --scale go with --to pdf, png, svg, qgis",
        ),
        (None, {"scale": "1:1"}, "--scale: '1:1' is no scale; write it like 1:10000 (1:500 to 1:5000000), or fit"),
        (None, {"territory": "丙"}, "there is no territory '丙'; choose one of: 140522 甲县, 140825 乙县"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    root: Path, tmp_path: Path, site: Path | None, more: dict[str, Any], sentence: str
) -> None:
    made = request(root, tmp_path / "out", **{"product": "units", **more})
    check = CheckRequest(site, None, (), ON, root, out=tmp_path / "out")
    if more.get("territory", "") is None:
        made = MapRequest(check, **{"to": Target.pdf, **more})
    elif site is not None:
        made = MapRequest(check, territory="140522")
    assert refusal(made).en == sentence
    assert not (tmp_path / "out").exists()


def test_a_site_gets_the_annexes_of_the_program_where_the_workspace_has_no_products(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    site = tiny_workspace.site_file(tmp_path / "site.geojson", (112.404, 35.504, 112.405, 35.505))
    check = CheckRequest(site, None, ("construction=new",), ON, root, out=tmp_path / "out")
    assert run_map_command(Session("en"), MapRequest(check, every=True, to=Target.pdf)) == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == ["site-site-location.pdf", "site-site-restrictions.pdf", "site-site-units.pdf"]
    text = pypdf.PdfReader(tmp_path / "out" / "site-site-units.pdf").pages[0].extract_text()
    # The workspace has no management units: the sheet says so.
    assert "the workspace has no such layer" in " ".join(text.split())
    assert "Prohibited" in text


def test_qgis_gets_a_folder_of_its_own(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    for _ in range(2):  # the second run replaces the first
        assert run_map_command(Session("zh"), request(root, out, product="units", to=Target.qgis)) == 0
    printed = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert printed[0] == out / "140522-units" / "units.qgs"
    assert all(path.is_file() for path in printed)
    assert [path.name for path in out.iterdir()] == ["140522-units"]


def test_a_new_project_leaves_what_else_lies_in_its_folder(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out" / "140522-units"
    folder.mkdir(parents=True)
    (folder / "批注.gpkg").write_bytes(b"of a colleague")
    (folder / "units.qgs").write_text("of yesterday")
    moved: list[tuple[str, bool]] = []
    replaced = Path.replace

    def told(self: Path, target: Path) -> Path:
        if target.parent == folder:
            moved.append((target.name, (folder / "units.qgs").exists()))
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", told)
    assert run_map_command(Session("zh"), request(root, tmp_path / "out", product="units", to=Target.qgis)) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(moved)
    assert (folder / "批注.gpkg").read_bytes() == b"of a colleague"
    # At no moment a project of another day shows new layers.
    assert moved == [("units.gpkg", False), ("units.qgs", False)]
    assert (folder / "units.qgs").read_text(encoding="utf-8").startswith("<!DOCTYPE")


def test_scales_are_read_as_people_write_them() -> None:
    assert [scale_of(text) for text in ("1:500", " 1 : 5,000,000", "1/25000", "FIT", "1：10000")] == [
        500,
        5_000_000,
        25_000,
        "fit",
        10_000,
    ]
    for text in ("", "1:499", "1:5000001", "2:1", "1:1e4", "-1:500", "ten"):
        with pytest.raises(UsageError):
            scale_of(text)


def test_names_of_rivers_lead_out_of_no_folder() -> None:
    assert [file_name(name) for name in ("沁河", "../../etc", "..", "a/b\\c", "河 1/4")] == [
        "沁河",
        "_.._etc",
        "river",
        "a_b_c",
        "河_1_4",
    ]


def test_every_built_in_product_fits_its_layers() -> None:
    workspace = Workspace.open(builtin_root())
    products = read_products(workspace)
    assert {name: product.of for name, product in products.items()} == {
        "management-units": "territory",
        "mine-parcels": "territory",
        "protected-areas": "territory",
        "public": "territory",
        "river": "strip",
        "site-advice": "advice",
        "site-location": "site",
        "site-restrictions": "site",
        "site-units": "site",
        "three-control-lines": "territory",
        "water": "territory",
        "zoning": "territory",
    }
    assert [text for product in products.values() for text in product.mistakes(workspace.catalogue)] == []
    lacking = {
        (name, choice.layer, choice.title is not None)
        for name, product in products.items()
        for choice in product.layers
        if choice.layer not in workspace.catalogue.layers
    }
    # What the workspace may lack has a title, so that the map can say what is missing.
    made = {("river", "bank-distances", True), ("site-advice", "advice", True)}
    assert lacking == made | {("river", name, True) for name in ("outlets", "water-intakes")}


def test_a_mistake_in_a_product_names_file_and_line(root: Path, tmp_path: Path) -> None:
    path = root / "maps" / "products" / "units.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "papier: {size: A4}\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        run_map_command(Session("en"), request(root, tmp_path, product="units"))
    assert f"{path}:5" in caught.value.text.en
    assert "'paper'" in caught.value.text.en


def test_several_formats_are_made_by_one_call(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    made = request(root, out, product="units")
    assert run_map_formats(Session("en"), made, (Target.html, Target.pdf, Target.png)) == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == ["140522-units.html", "140522-units.pdf", "140522-units.png"]
    assert sorted(path.name for path in out.iterdir()) == names


def test_the_option_may_be_repeated(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["map", "-t", "140522", "-p", "units", "--to", "svg", "--to", "html", "--to", "svg", "--out", str(out)]
    ended = run_zoning(*words, "--on", ON, "--workspace", root, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert sorted(path.name for path in out.iterdir()) == ["140522-units.html", "140522-units.svg"]


def test_standard_input_is_read_once(tmp_path: Path) -> None:
    check = CheckRequest(Path("-"), None, (), ON, None, out=tmp_path)
    with pytest.raises(UsageError) as refused:
        run_map_formats(Session("en"), MapRequest(check), (Target.html, Target.pdf))
    assert refused.value.text == Text(
        "从标准输入读取时 --to 只能写一次；请先把内容存为文件",
        "what comes from standard input is read once: name --to once, or save it as a file first",
    )
