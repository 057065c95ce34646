"""What a report says of layers: their words and figures, of a made verdict."""

from typing import Any

import pytest

from report_sections_world import REASON, layer, level, paragraphs, source_of_site, table, told
from zoning.report.document import NOTHING, Word, cell_text
from zoning.report.overlays import (
    area_rows,
    area_table,
    certainty_text,
    class_status,
    class_title,
    nearest_cell,
    overlay_section,
    scope_text,
    share_cell,
    status_of,
)
from zoning.report.source import Source
from zoning.report.wording import result_word, status_word
from zoning.rules.verdict import (
    ResponsibleEntry,
    ResponsibleZoneEntry,
    SliverEntry,
    ZoneEntry,
)
from zoning.texts import Language, Text


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Return a site in level 1 of the tiny workspace."""
    return source_of_site(tmp_path_factory.mktemp("report"))


# --- words of the language --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "joined", "sentences", "label", "aside"),
    [("zh", "甲、乙", "甲；乙", "名：值", "（注）"), ("en", "甲, 乙", "a; b", "名: 值", " (注)")],
)
def test_signs_of_a_language(
    base: Source, language: Language, joined: str, sentences: str, label: str, aside: str
) -> None:
    source = told(base, language)
    assert source.join(["甲", "乙"]) == joined
    assert source.sentences([Text("甲", "a"), Text("乙", "b")]) == sentences
    assert source.label("名", "值") == label
    assert source.aside("注") == aside


def test_layers_that_every_site_lies_in_are_not_listed_but_known(base: Source) -> None:
    assert "territory" not in [entry.layer for entry in base.layers]
    assert base.layer("territory") is not None
    assert base.layer("no-such") is None
    assert not base.is_line("no-such")
    assert not base.is_line("water")


# --- words for layers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "status", "zh", "tone"),
    [
        ({}, "not_affected", "不涉及", "plain"),
        ({"uncovered_m2": 0.01}, "no_data", "数据缺失，未核查", "no_data"),
        ({"status": "no_data"}, "no_data", "数据缺失，未核查", "no_data"),
        ({"status": "possible"}, "possible", "精度内可能涉及", "possible"),
        ({"status": "possible", "uncovered_m2": 5.0}, "possible", "精度内可能涉及", "possible"),
        ({"status": "affected", "uncovered_m2": 5.0}, "affected", "涉及", "affected"),
    ],
)
def test_only_a_layer_that_covers_the_site_is_not_affected(
    base: Source, changes: dict[str, Any], status: str, zh: str, tone: str
) -> None:
    entry = layer(base, **changes)
    assert status_of(entry) == status
    assert status_word(base, entry) == Word(zh, tone)  # type: ignore[arg-type]  # a parameter of the test


def test_a_layer_that_the_workspace_lacks_has_no_data(base: Source) -> None:
    assert status_word(base, None) == Word("数据缺失，未核查", "no_data")


@pytest.mark.parametrize(
    ("result", "zh", "tone"),
    [
        ("complies", "符合", "permitted"),
        ("violates", "不符合", "prohibited"),
        ("not_concerned", "不涉及", "quiet"),
        ("to_verify", "需进一步核实", "undetermined"),
        (None, "缺清单，未核查", "no_data"),
    ],
)
def test_how_a_clause_comes_out(base: Source, result: Any, zh: str, tone: Any) -> None:
    assert result_word(base, result) == Word(zh, tone)


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"nearest_m": 12.345}, "12.35"),
        ({"nearest_m": 0.0}, "0.00"),
        ({"nearest_m": None, "searched_m": 5000.0}, "> 5,000"),
        ({"nearest_m": None, "status": "no_data"}, NOTHING),
        ({"nearest_m": None, "uncovered_m2": 1.0}, NOTHING),
        ({"nearest_m": None, "status": "possible"}, "> 5,000"),
    ],
)
def test_the_nearest_zone_or_how_far_was_looked(base: Source, changes: dict[str, Any], cell: str) -> None:
    assert cell_text(nearest_cell(layer(base, **changes))) == cell


@pytest.mark.parametrize(
    ("share", "cell"),
    [
        (0.0, "0.00"),
        (1e-9, "< 0.01"),
        (0.000_049, "< 0.01"),
        (0.000_051, "0.01"),
        (0.25, "25.00"),
        (1.0, "100.00"),
    ],
)
def test_a_share_that_is_there_never_reads_as_nothing(share: float, cell: str) -> None:
    assert cell_text(share_cell(share)) == cell


@pytest.mark.parametrize(
    ("names", "changes", "title"),
    [
        (["下芹"], {}, "水源 · 一级区\n下芹"),
        ([""], {}, "水源 · 一级区"),
        ([], {}, "水源 · 一级区"),
        (["甲", "乙", "甲", "丙"], {}, "水源 · 一级区\n甲、乙、丙"),
        (["甲", "乙", "丙", "丁", "戊"], {}, "水源 · 一级区\n甲、乙、丙 +2"),
        (["下芹"], {"title": Text("水源", "water")}, "水源\n下芹"),
        (["一级区"], {}, "水源 · 一级区"),
        (["下芹"], {"assumed": True}, "水源 · 一级区（类别按最严取）\n下芹"),
    ],
)
def test_a_row_names_layer_class_and_up_to_three_zones(
    base: Source, names: list[str], changes: dict[str, Any], title: str
) -> None:
    zones = tuple(ZoneEntry(id=str(n), name=name, overlap_m2=1.0, length_m=0.0) for n, name in enumerate(names))
    assert class_title(base, layer(base), level(zones=zones, **changes)) == title


def test_figures_of_a_row_in_three_units(base: Source) -> None:
    """15,890 m² are 1.5890 ha and 1.5890 x 15 = 23.835 mu."""
    entry = layer(base, status="affected", nearest_m=0.0, classes=(level(overlap_m2=15_890.0, flips_at_m=3.26),))
    (row,) = area_rows(base, entry)
    assert [cell_text(cell) for cell in row[1:]] == [
        "涉及",
        "15,890.00",
        "1.5890",
        "23.84",
        "25.00",
        "0.00",
        "确定",
        "3.3",
    ]


def test_a_clear_layer_has_one_row_without_figures(base: Source) -> None:
    (row,) = area_rows(base, layer(base))
    assert [cell_text(cell) for cell in row] == ["水源", "不涉及", *[NOTHING] * 4, "120.00", NOTHING, NOTHING]


@pytest.mark.parametrize(
    ("certainty", "accuracy", "own", "word", "certain"),
    [
        ("certain", 10.0, 0.0, "涉及", "确定"),
        ("possible", 10.0, 0.0, "精度内可能涉及", "±10 m 内可能"),
        ("possible", 10.0, 2.5, "精度内可能涉及", "±12.5 m 内可能"),
    ],
)
def test_a_possible_class_of_an_affected_layer_is_possible(
    base: Source, certainty: Any, accuracy: float, own: float, word: str, certain: str
) -> None:
    source = told(base, site=base.verdict.site.model_copy(update={"accuracy_m": own}))
    entry = layer(base, status="affected", accuracy_m=accuracy)
    found = level(certainty=certainty)
    assert class_status(source, entry, found).text == word
    assert certainty_text(source, entry, found) == certain


def test_touched_layers_come_first_in_their_group(base: Source) -> None:
    entries = [
        layer(base, title=Text("甲", "a")),
        layer(base, title=Text("乙", "b"), status="no_data"),
        layer(base, title=Text("丙", "c"), status="possible"),
        layer(base, title=Text("丁", "d"), status="affected"),
        layer(base, title=Text("戊", "e"), uncovered_m2=3.0),
        layer(base, title=Text("己", "f"), group="agriculture"),
    ]
    rows = [cell_text(row[0]) for row in area_table(base, "t", entries, grouped=True).rows]
    assert rows == ["保护", "丁", "丙", "乙", "戊", "甲", "农业", "己"]
    assert [cell_text(row[0]) for row in area_table(base, "t", entries).rows] == ["甲", "乙", "丙", "丁", "戊", "己"]


def test_the_scope_counts_a_layer_that_leaves_a_part_open_as_not_checked(base: Source) -> None:
    entries = (
        layer(base),
        layer(base, uncovered_m2=1.0),
        layer(base, status="possible"),
        layer(base, status="no_data"),
    )
    text = scope_text(told(base, layers=entries))
    assert text.zh.startswith("共核对 4 个图层：涉及 0 个，精度内可能涉及 1 个，不涉及 1 个，数据缺失、未核查 2 个。")
    assert text.en.startswith("4 layers: 0 affected, 1 possibly affected, 1 not affected, 2 without data")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "no_data", "reason": REASON}, ["水源：图层文件缺失"]),
        ({"uncovered_m2": 12_345.0}, ["水源：项目有 1.2345 公顷在图层覆盖范围之外，未核查"]),
        ({"status": "affected", "uncovered_m2": 1.0}, ["水源：项目有 0.0001 公顷在图层覆盖范围之外，未核查"]),
        ({"status": "possible", "reason": Text("边界 10 m 内", "within 10 m")}, ["水源：边界 10 m 内"]),
        ({}, []),
    ],
)
def test_what_was_not_checked_is_said_below_the_table(base: Source, changes: dict[str, Any], said: list[str]) -> None:
    section = overlay_section(told(base, layers=(layer(base, **changes),)))
    assert paragraphs(section, "warning") == said


def test_slivers_are_listed_with_their_sum(base: Source) -> None:
    slivers = SliverEntry(count=3, sum_m2=1234.567)
    section = overlay_section(told(base, layers=(layer(base, slivers=slivers),)))
    assert "水源：小于容差的碎片 3 处，合计 1,234.57 m²" in paragraphs(section, "note")


def test_who_answers_for_a_touched_zone_is_named_or_said_to_be_unknown(base: Source) -> None:
    def zone(number: str, name: str, person: str | None) -> ResponsibleZoneEntry:
        who = ResponsibleEntry(title=Text("河长", "river chief"), name=person, office=None, contact=None)
        return ResponsibleZoneEntry(id=number, name=name, overlap_m2=1.0, length_m=0.0, responsible=who)

    zones = (zone("W1", "下芹", "甲某"), zone("W2", "", None))
    entry = layer(base, status="affected", classes=(level(zones=zones),))
    rows = table(overlay_section(told(base, layers=(entry,))), "responsible")
    assert rows[0] == ("水源", "下芹", "河长", "甲某", NOTHING, NOTHING)
    assert rows[1][1] == "W2"
    assert rows[1][3] not in ("", NOTHING, "甲某")
