"""The pages of formats say what the code does: formats, suffixes, options, limits, faults, names, samples."""

import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from zoning.cli.intake import Intake
from zoning.errors import CRSError
from zoning.quality.kinds import KINDS, SEVERITIES
from zoning.sites import read_sites
from zoning.sites.crs.datum_shift import read_datum_shift
from zoning.sites.crs.identify import identify
from zoning.sites.crs.mars import BD09_ACCURACY_M, GCJ02_ACCURACY_M
from zoning.sites.crs.zones import CGCS2000, ZONES_3, ZONES_6
from zoning.sites.formats.kinds import SUFFIXES, Kind
from zoning.sites.limits import Limits
from zoning.sites.tables.grid import MOST_CELLS
from zoning.sites.tables.prose import MOST_SIGNS
from zoning.sites.where import Where
from zoning.texts import Language
from zoning.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
PAGES: dict[Language, str] = {
    "zh": (ROOT / "docs" / "formats.md").read_text(encoding="utf-8"),
    "en": (ROOT / "docs" / "formats.en.md").read_text(encoding="utf-8"),
}
PARTS: dict[Language, tuple[str, ...]] = {
    "zh": ("**读取**", "**不读取**", "**按什么处理**"),
    "en": ("**Read**", "**Refused**", "**Assumed**"),
}
EVERY_PAGE = pytest.mark.parametrize("language", PAGES)
ON = date(2026, 9, 1)
ANCHOR = re.compile(r'<a id="([a-z0-9-]+)"></a>')


def section(language: Language, anchor: str) -> str:
    """Return a section with its subsections."""
    text = PAGES[language].partition(f'<a id="{anchor}"></a>')[2]
    assert text, anchor
    return re.split(r"^## ", text, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of all rows of all tables."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def blocks(language: Language, form: str) -> list[str]:
    return re.findall(rf"^```{form}\n(.*?)^```", PAGES[language], re.MULTILINE | re.DOTALL)


def test_both_pages_have_the_same_sections_in_the_same_order() -> None:
    assert ANCHOR.findall(PAGES["zh"]) == ANCHOR.findall(PAGES["en"])
    assert len(set(ANCHOR.findall(PAGES["zh"]))) == len(ANCHOR.findall(PAGES["zh"]))


@EVERY_PAGE
def test_links_within_a_page_lead_somewhere_and_every_section_is_listed(language: Language) -> None:
    links = set(re.findall(r"\]\(#([^)]+)\)", PAGES[language]))
    assert links == set(ANCHOR.findall(PAGES[language]))


@EVERY_PAGE
def test_every_format_stands_in_the_table_with_all_its_suffixes(language: Language) -> None:
    stated: dict[str, set[str]] = {}
    for cells in rows(section(language, "files")):
        if len(cells) == 3 and quoted(cells[2]):
            stated.setdefault(quoted(cells[2])[0], set()).update(quoted(cells[1].split("（")[0].split("(")[0]))
    assert stated.keys() == {str(kind) for kind in Kind}
    for kind, suffixes in SUFFIXES.items():
        assert stated[kind] - {"-"} >= set(suffixes), kind
        assert {suffix for suffix in stated[kind] if suffix.startswith(".")} == set(suffixes), kind


@EVERY_PAGE
def test_every_format_has_a_section_that_says_what_is_read_refused_and_assumed(language: Language) -> None:
    table = section(language, "files").split("\n\n")[1]
    for anchor in set(re.findall(r"\]\(#([^)]+)\)", table)) | {"all", "pasted", "thin"}:
        text = section(language, anchor)
        places = [text.find(part) for part in PARTS[language]]
        assert -1 not in places, anchor
        assert places == sorted(places), anchor


@EVERY_PAGE
def test_every_option_of_reading_is_named(language: Language) -> None:
    for field in fields(Intake):
        option = f"--{field.name.replace('_', '-')}"
        assert re.search(rf"{option}(?![\w-])", PAGES[language]), option


@EVERY_PAGE
def test_the_table_of_limits_is_that_of_the_code(language: Language) -> None:
    stated = {quoted(c[0])[0]: int(c[1].replace(",", "")) for c in rows(section(language, "limits")) if quoted(c[0])}
    assert stated == {field.name: field.default for field in fields(Limits)}


@EVERY_PAGE
def test_fixed_limits_are_those_of_the_code(language: Language) -> None:
    assert f"{MOST_CELLS:,}" in section(language, "limits")
    assert f"{MOST_SIGNS:,}" in section(language, "limits")


@EVERY_PAGE
def test_every_kind_of_fault_stands_with_its_severity(language: Language) -> None:
    cells = {row[0]: row[1] for row in rows(section(language, "quality"))}
    for kind in KINDS.values():
        severity = SEVERITIES[kind.severity].get(language)
        (listed,) = [text for name, text in cells.items() if re.split("[：:]", name)[0] == severity]
        assert kind.title.get(language) in listed, kind


@EVERY_PAGE
def test_names_of_coordinate_systems_mean_what_the_page_says(language: Language) -> None:
    tried = 0
    for name, meaning in rows(section(language, "crs").partition('<a id="crs-names">')[2].partition("### ")[0]):
        codes = re.findall(r"EPSG:\d+", meaning)
        for stated in quoted(name) if codes else ():
            found = identify(stated, Where("page"))
            assert [code for code in (found.code, found.plain) if code] == codes, stated
            tried += 1
    assert tried == 5


@EVERY_PAGE
def test_names_that_the_page_calls_wrong_are_refused(language: Language) -> None:
    text = section(language, "crs").partition('<a id="crs-names">')[2].partition("### ")[0]
    wrong = quoted(next(line for line in text.splitlines() if line.startswith(("不读取：", "Refused:"))))
    for stated in wrong:
        with pytest.raises(CRSError):
            identify(stated, Where("page"))
    assert len(wrong) == 3


@EVERY_PAGE
def test_zones_and_codes_are_those_of_the_code(language: Language) -> None:
    text = section(language, "crs").replace("–", "-")
    assert f"{ZONES_3[0]}-{ZONES_3[-1]}" in text
    assert f"{ZONES_6[0]}-{ZONES_6[-1]}" in text
    codes = [int(CGCS2000.code(z, prefixed=p)[5:]) for z in (*ZONES_3, *ZONES_6) for p in (True, False)]
    assert f"EPSG:{min(codes)}-{max(codes)}" in text


@EVERY_PAGE
def test_accuracies_of_web_maps_are_those_of_the_code(language: Language) -> None:
    metre = {"zh": "米", "en": "m"}[language]
    row = next(row for row in rows(section(language, "crs")) if row[0] == "GCJ-02 / BD-09")
    assert row[1].startswith(f"±{GCJ02_ACCURACY_M:g} {metre} / ±{BD09_ACCURACY_M:g} {metre}")


@EVERY_PAGE
def test_samples_of_parameters_are_read(language: Language, tmp_path: Path) -> None:
    datums = []
    for number, sample in enumerate(blocks(language, "yaml")):
        file = tmp_path / f"{number}.yaml"
        file.write_text(sample, encoding="utf-8")
        datums.append(read_datum_shift(file).datum.en)
    assert datums == ["Xian 1980", "Xian 1980"]


@EVERY_PAGE
def test_the_sample_of_a_misfit_is_what_the_program_says(language: Language, tmp_path: Path) -> None:
    file = tmp_path / "红线.csv"
    points = ("3926000.123,38618082.987", "3926100.456,38618182.111", "3926000.789,38618282.222")
    lines = [f"J{number},{point}\n" for number, point in enumerate(points, 1)]
    file.write_text("2000国家大地坐标系\n点号,X,Y\n" + "".join(lines), encoding="utf-8")
    with pytest.raises(CRSError) as refused:
        read_sites(file, expected=Workspace.open(ROOT).extent(ON))
    between = {"zh": "", "en": " "}[language]
    assert blocks(language, "text")[0].strip().replace("\n", between) == refused.value.text.get(language)


@pytest.mark.parametrize(
    ("step", "zh", "en"),
    [
        ("112°24′{}″,35°29′{}″", "整秒 20 米", "whole seconds 20 m"),
        ("112°24′{}.3″,35°29′{}.3″", "0.1″ 2 米", "0.1″ 2 m"),
        ("112.40{}°,35.48{}°", "0.0001° 7 米", "0.0001° 7 m"),
    ],
)
def test_figures_of_rounding_are_those_of_the_code(step: str, zh: str, en: str, tmp_path: Path) -> None:
    places = [(31, 11), (35, 11), (35, 15)]
    lines = [f"{number},{step.format(*place)}\n" for number, place in enumerate(places, 1)]
    file = tmp_path / "a.csv"
    file.write_text("CGCS2000\n点号,经度,纬度\n" + "".join(lines), encoding="utf-8")
    (site,) = read_sites(file, expected=None)
    metres = re.search(r"(\d+) m$", en)
    assert metres is not None
    assert round(site.accuracy_m) == int(metres[1])
    assert zh in section("zh", "accuracy")
    assert en in section("en", "accuracy")


def test_the_pages_lead_to_each_other_and_the_readme_to_both() -> None:
    assert "](formats.en.md)" in PAGES["zh"]
    assert "](formats.md)" in PAGES["en"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](docs/formats.md)" in readme
    assert "](docs/formats.en.md)" in readme
