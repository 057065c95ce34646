"""One file replaces the colours of all layers, and the mark on the maps follows it."""

import shutil
from pathlib import Path

import pytest

from zoning.errors import ContentError
from zoning.styles.stylebook import Stylebook, read_stylebook
from zoning.texts import Text

PLAIN = Text("非规范配色", "colours follow no drawing standard")


@pytest.fixture
def styles(tmp_path: Path, workspace_root: Path) -> Path:
    """Return a copy of the shipped styles."""
    return Path(shutil.copytree(workspace_root / "styles", tmp_path / "styles"))


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join((*lines, "")), encoding="utf-8")
    return path


def refused(folder: Path, **options: Path) -> tuple[str, str]:
    with pytest.raises(ContentError) as caught:
        read_stylebook(folder, **options)
    return caught.value.get("zh"), caught.value.get("en")


def colours(book: Stylebook, layer: str, name: str) -> tuple[str, float, str, str]:
    style = book.of_class(layer, name)
    return style.fill, style.fill_opacity, style.outline, style.hatch


def test_every_colour_of_a_zone_stands_in_the_palette_and_nowhere_else(styles: Path) -> None:
    for path in styles.glob("*.yaml"):
        if path.stem not in ("palette", "outcomes"):
            assert "#" not in "".join(
                line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("  ")
            ), path.name


def test_our_own_colours_are_marked(styles: Path) -> None:
    book = read_stylebook(styles)
    assert book.standard is None
    assert book.outcomes.marking == book.marking_of([("drinking-water", "level-1")]) == PLAIN


def test_the_table_of_a_standard_replaces_colours_and_leaves_the_rest(styles: Path) -> None:
    before = read_stylebook(styles)
    write(
        styles / "standard-palette.yaml",
        "standard: {zh: 《试验制图规范》（试 1-2026）, en: Trial Drawing Standard 1-2026}",
        "colours:",
        "  drinking-water:",
        '    level-1: {fill: "#0000FF", outline: "#000080"}',
        '    level-2: {fill: "#4040FF", outline: "#000080", fill_opacity: 0.9}',
    )
    book = read_stylebook(styles)
    assert colours(book, "drinking-water", "level-1") == ("#0000FF", 0.5, "#000080", "dense-horizontal")
    assert colours(book, "drinking-water", "level-2") == ("#4040FF", 0.9, "#000080", "horizontal")
    assert colours(book, "drinking-water", "quasi") == colours(before, "drinking-water", "quasi")
    assert book.standard == Text("《试验制图规范》（试 1-2026）", "Trial Drawing Standard 1-2026")


def test_the_mark_says_how_much_of_a_map_follows_the_standard(styles: Path, tmp_path: Path) -> None:
    table = write(
        tmp_path / "county.yaml",
        "standard: {zh: 《试验制图规范》, en: Trial Standard}",
        "colours:",
        '  drinking-water: {level-1: {fill: "#0000FF", outline: "#000080"}}',
    )
    book = read_stylebook(styles, palette=table)
    one, other = ("drinking-water", "level-1"), ("drinking-water", "quasi")
    assert book.marking_of([one]) == Text("配色依据《试验制图规范》", "colours after Trial Standard")
    assert book.marking_of([one, other]) == Text(
        "部分配色依据《试验制图规范》，其余非规范配色",
        "colours partly after Trial Standard; others: colours follow no drawing standard",
    )
    assert book.marking_of([other]) == PLAIN
    # What pages that know of no scene say: the whole book counts.
    assert book.outcomes.marking.zh == "部分配色依据《试验制图规范》，其余非规范配色"


def test_a_whole_palette_under_a_standard_takes_the_mark_away(styles: Path) -> None:
    palette = styles / "palette.yaml"
    text = palette.read_text(encoding="utf-8")
    palette.write_text("standard: {zh: 《规范》, en: Standard}\n" + text, encoding="utf-8")
    assert read_stylebook(styles).outcomes.marking == Text("配色依据《规范》", "colours after Standard")


def test_a_layer_of_its_own_may_hold_its_colours(styles: Path) -> None:
    write(
        styles / "birds.yaml",
        "order: 5",
        'classes: {nest: {fill: "#112233", fill_opacity: 0.5, outline: "#223344", width: 1}}',
    )
    assert colours(read_stylebook(styles), "birds", "nest") == ("#112233", 0.5, "#223344", "none")


def test_a_class_without_colours_is_named_with_its_line(styles: Path) -> None:
    write(styles / "birds.yaml", "order: 5", "classes:", '  a: {fill: "#112233", fill_opacity: 1, width: 1}')
    zh, en = refused(styles)
    assert en == (
        f"{styles.as_posix()}/birds.yaml:3: classes.a: has no colours: write 'fill' and 'outline' into palette.yaml, "
        "or here"
    )
    assert zh == (
        f"{styles.as_posix()}/birds.yaml:3：classes.a：没有颜色；请在 palette.yaml 中，或在此处写 fill 和 outline"
    )


def test_misspelt_layers_and_classes_of_a_table_are_named(styles: Path, tmp_path: Path) -> None:
    table = write(
        tmp_path / "county.yaml",
        "colours:",
        '  drinking-watr: {level-1: {fill: "#0000FF", outline: "#000080"}}',
        "  heritage:",
        '    protectoin: {fill: "#0000FF", outline: "#000080"}',
    )
    _, en = refused(styles, palette=table)
    assert en.splitlines() == [
        f"{table.as_posix()}:2: colours: there is no style of a layer 'drinking-watr' - did you mean 'drinking-water'?",
        f"{table.as_posix()}:4: colours.heritage: the style has no class 'protectoin' - did you mean 'protection'?",
    ]


def test_a_table_that_does_not_exist_is_an_error_and_not_our_own_colours(styles: Path, tmp_path: Path) -> None:
    _, en = refused(styles, palette=tmp_path / "none.yaml")
    assert en == f"{(tmp_path / 'none.yaml').as_posix()}:1: cannot be read (No such file or directory)"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('  heritage: {control: {fill: "blue", outline: "#000080"}}', ":2: colours.heritage.control.fill: 'blue'"),
        ('  heritage: {control: {fill: "#0000FF"}}', ":2: colours.heritage.control: 'outline' is missing: add it"),
        ('  heritage: {control: {fil: "#0000FF"}}', "did you mean 'fill'?"),
    ],
)
def test_mistakes_of_a_table_are_sentences(styles: Path, tmp_path: Path, line: str, sentence: str) -> None:
    assert sentence in refused(styles, palette=write(tmp_path / "county.yaml", "colours:", line))[1]


def test_a_scale_range_that_can_never_hold_is_refused(styles: Path) -> None:
    text = (styles / "rivers.yaml").read_text(encoding="utf-8")
    write(styles / "rivers.yaml", "scale: {min_denominator: 5000, max_denominator: 500}", text)
    _, en = refused(styles)
    assert en.endswith(
        "rivers.yaml:1: scale.min_denominator: min_denominator (5000) is above max_denominator (500), "
        "so nothing would ever be drawn: swap them"
    )


def test_a_colour_of_the_verdict_that_cannot_be_read_is_refused(styles: Path) -> None:
    path = styles / "outcomes.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("#A86400", "#E0A000"), encoding="utf-8")
    zh, en = refused(styles)
    assert en.endswith(
        "decisions.restricted.colour: #E0A000 on white has a contrast of 2.28, below 4.5: choose a darker colour"
    )
    assert "对比度为 2.28" in zh


def test_a_legend_writes_the_words_of_the_style(styles: Path, workspace_root: Path) -> None:
    from zoning.styles.legend import legend
    from zoning.workspace import Workspace

    path = styles / "heritage.yaml"
    text = path.read_text(encoding="utf-8").replace("  control: {", "  control: {legend: {zh: 建控地带, en: belt}, ")
    write(path, "legend: {zh: 文物, en: relics}", text)
    layer = Workspace.open(workspace_root).catalogue["heritage"]
    protection, control = legend([(layer, ["protection", "control"])], read_stylebook(styles))
    assert (protection.title.zh, control.title.zh) == ("保护范围", "建控地带")
    assert control.layer_title == Text("文物", "relics")


def test_only_layers_of_the_existing_situation_may_vanish_with_the_scale(workspace_root: Path) -> None:
    from zoning.styles.looks import ScaleRange
    from zoning.workspace import Workspace

    catalogue = Workspace.open(workspace_root).catalogue
    book = read_stylebook(workspace_root / "styles")
    limited = {name for name, style in book.layers.items() if style.scale != ScaleRange()}
    # A restriction zone that is not drawn would read as free land.
    assert {catalogue[name].group for name in limited} <= {"base"}
    assert limited == {"townships"}
