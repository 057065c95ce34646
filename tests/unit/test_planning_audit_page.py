"""The page of an audit: every issue with its place, and aloud what was not looked at."""

from collections.abc import Mapping
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.citations import Citation
from zoning.planning.audit import page
from zoning.planning.audit.issue import Issue, Status
from zoning.planning.audit.kinds import KINDS, Severity
from zoning.planning.audit.package import area_of, cited, issues_csv
from zoning.planning.audit.page import audit_page, summary_of
from zoning.planning.audit.result import AuditResult, CheckEntry, counts_of
from zoning.planning.audit.wording import area_text, listed, zone_name
from zoning.texts import Language, Text

LAYERS = {"red": Text("红线", "red line"), "town": Text("开发边界", "town boundary")}
LAND = {"140522": shapely.box(112.0, 35.0, 113.0, 36.0)}


def issue(name: str, kind: str = "gap", severity: Severity = "error", **values: Any) -> Issue:
    plain: dict[str, Any] = {
        "id": name, "kind": kind, "severity": severity, "layers": ("red",), "zones": ("Z1",), "territory": None,
        "text": Text(f"内容{name}", f"what {name}"), "advice": None, "citations": (), "lon": None, "lat": None,
        "area_m2": None, "length_m": None, "offset_m": None, "dx_m": None, "dy_m": None, "confidence_m": None,
        "shape": "",
    }  # fmt: skip
    return Issue(**{**plain, **values})


def result(*issues: Issue, **values: Any) -> AuditResult:
    plain: dict[str, Any] = {
        "program": "zoning 9.9", "workspace": Text("甲县", "county A"), "on": "2026-06-01", "made": "2026-06-02",
        "territories": (), "layers": (), "complete": True, "counts": counts_of(issues), "editions": {},
        "documents": {}, "checks": (), "issues": issues,
    }  # fmt: skip
    return AuditResult(**{**plain, **values})


def html(found: AuditResult, language: Language = "zh", land: Mapping[str, BaseGeometry] | None = None) -> str:
    return audit_page(found, LAYERS, LAND if land is None else land, language)


def check(name: str, *missing: str) -> CheckEntry:
    return CheckEntry(id=name, title=Text(f"检查{name}", f"check {name}"), layers=("red",), issues=0, missing=missing)


@pytest.mark.parametrize(
    ("issues", "groups"),
    [
        ([], []),
        ([issue("A1")], [("A1", 1, 0.0)]),
        # The same severity, kind and layers make one row.
        ([issue("A1", area_m2=10.0), issue("A2", area_m2=5.5), issue("A3")], [("A1", 3, 15.5)]),
        ([issue("A1"), issue("A2", "overlap")], [("A1", 1, 0.0), ("A2", 1, 0.0)]),
        ([issue("A1"), issue("A2", severity="warning")], [("A1", 1, 0.0), ("A2", 1, 0.0)]),
        ([issue("A1"), issue("A2", layers=("red", "town"))], [("A1", 1, 0.0), ("A2", 1, 0.0)]),
        ([issue("A1"), issue("A2", layers=("town", "red"))], [("A1", 1, 0.0), ("A2", 1, 0.0)]),
        # What is settled asks for nothing.
        ([issue("A1", status="fixed"), issue("A2", status="accepted"), issue("A3", status="open")], [("A3", 1, 0.0)]),
        ([issue("A1", status="new"), issue("A2", "overlap"), issue("A3")], [("A1", 2, 0.0), ("A2", 1, 0.0)]),
    ],
)
def test_a_summary_has_a_row_for_each_kind_between_the_same_layers(
    issues: list[Issue], groups: list[tuple[str, int, float]]
) -> None:
    assert [(one.id, count, area) for one, count, area in summary_of(result(*issues))] == groups


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ('<html lang="zh-CN">', "图层审核 · 甲县", "按 2026-06-01 有效的图层版本", "制作于 2026-06-02",
                "zoning 9.9", "没有发现问题", "0 项检查")),
        ("en", ('<html lang="en">', "audit of layers · county A", "layers of 2026-06-01", "made on 2026-06-02",
                "zoning 9.9", "nothing was found", "0 checks; editions of layers:")),
    ],
)  # fmt: skip
def test_the_head_of_a_page(language: Language, words: tuple[str, ...]) -> None:
    made = html(result(), language)
    assert [word for word in words if word not in made] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_loads_nothing(language: Language) -> None:
    made = html(result(issue("A1", lon=112.5, lat=35.5), editions={"red": "2020"}), language)
    assert [word for word in ("http", "src=", "url(", "<script", "@import") if word in made] == []


@pytest.mark.parametrize(
    ("language", "told", "line"),
    [
        ("zh", "审核不完整：以下检查没有做成，不能当作没有问题。", "<li>检查c2（red, town）</li>"),
        ("en", "Incomplete: these checks were not made; that is not the same as nothing found.",
         "<li>check c2 (red, town)</li>"),
    ],
)  # fmt: skip
def test_what_was_not_looked_at_is_said_aloud(language: Language, told: str, line: str) -> None:
    made = html(result(complete=False, checks=(check("c1"), check("c2", "red", "town"))), language)
    assert told in made
    assert line in made
    assert "c1<" not in made
    assert told not in html(result(checks=(check("c1"),)), language)


def test_names_of_checks_are_not_taken_for_markup() -> None:
    one = CheckEntry(id="c", title=Text("<b>检查", "<b>check"), layers=("red",), issues=0, missing=("<i>red",))
    made = html(result(complete=False, checks=(one,)))
    assert "<li>&lt;b&gt;检查（&lt;i&gt;red）</li>" in made


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"territories": ("140522", "140825")}, "辖区 140522, 140825"),
        ({"layers": ("red",)}, "只审核图层 red"),
        ({"editions": {"red": "2020"}}, '<td>红线</td><td class="id">red</td><td>2020</td>'),
    ],
)
def test_what_was_looked_at(values: dict[str, Any], words: str) -> None:
    assert words in html(result(**values))
    assert words not in html(result())


def test_severities_and_statuses_are_counted() -> None:
    made = html(
        result(
            issue("A1"), issue("A2", severity="warning"), issue("A3", severity="warning", status="open"),
            issue("A4", severity="note", status="accepted"), issue("A5", status="fixed"),
        )
    )  # fmt: skip
    for words in ('error">×</b> 错误 1<', 'warning">!</b> 警告 2<', 'note">i</b> 提示 0<'):
        assert words in made
    for words in ("新发现 2<", "未解决 1<", "已认可 1<", "已消除 1<"):
        assert words in made


def test_an_issue_stands_with_all_that_is_known_of_it() -> None:
    one = issue(
        "A1", "lines-overlap", layers=("red", "gone"), lon=112.123_456_78, lat=35.5, note="等批复", status="open",
        first_seen="2026-01-02", advice=Text("改划", "redraw"),
        citations=(Citation(document="plan", section="第三章", lines="L7", anchor="不得重叠"),),
    )  # fmt: skip
    made = html(result(one, documents={"plan": Text("某规划", "a plan")}))
    for words in (
        '<tr class="error" id="A1">', "A1<br>2026-01-02", "<b>控制线重叠</b> 内容A1", '<p class="advice">改划</p>',
        '<div class="cite">某规划 第三章 L7「不得重叠」</div>', "112.123457, 35.500000", "未解决",
        '<div class="cite">等批复</div>', "红线 × gone",
    ):  # fmt: skip
        assert words in made, words


@pytest.mark.parametrize(
    ("status", "done"), [("new", False), ("open", False), ("accepted", True), ("fixed", True)]
)  # fmt: skip
def test_what_is_settled_is_shown_grey(status: Status, done: bool) -> None:
    made = html(result(issue("A1", status=status)))
    assert ('<tr class="error done" id="A1">' in made) is done
    assert ('<tr class="error" id="A1">' in made) is not done


def test_what_strangers_wrote_is_no_markup() -> None:
    one = issue("A1", text=Text("<script>alert(1)</script>", "x"), note="<b>note</b>", advice=Text("a<b", "a<b"))
    made = html(result(one, workspace=Text("<i>县", "county")))
    assert "<script>" not in made
    assert "&lt;script&gt;" in made
    assert "<b>note" not in made
    assert "<i>县" not in made


@pytest.mark.parametrize(
    ("area", "cell"), [(None, ""), (0.0, ""), (12_345.0, "1.2345"), (0.4, "0.0000"), (1e8, "10000.0000")]
)
def test_the_summary_says_hectares(area: float | None, cell: str) -> None:
    made = html(result(issue("A1", area_m2=area)))
    assert f'<td>空隙</td><td>红线</td><td class="n">1</td><td class="n">{cell}</td>' in made


@pytest.mark.parametrize(("count", "left"), [(2, 0), (3, 0), (4, 1), (9, 6)])
def test_of_many_issues_the_first_are_shown_and_the_rest_is_counted(
    count: int, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_ROWS", 3)
    made = html(result(*(issue(f"A{n}", lon=112.5, lat=35.5) for n in range(count))))
    assert sum(f'id="A{n}"' in made for n in range(count)) == min(count, 3)
    assert (f"另有 {left} 处见 issues.gpkg 和 issues.csv" in made) is bool(left)
    assert made.count("<circle ") == min(count, 3)


def test_marks_lie_where_the_issues_are() -> None:
    # A degree of longitude is 900 units wide; one of latitude 1.23 times as long.
    land = {"140522": shapely.box(112.0, 35.0, 113.0, 36.0)}
    spots = {"A1": (112.0, 36.0), "A2": (113.0, 35.0), "A3": (112.5, 35.5), "A4": (112.25, 35.9)}
    made = html(result(*(issue(name, lon=x, lat=y) for name, (x, y) in spots.items())), land=land)
    assert 'viewBox="-10 -10 920.0 1127.0"' in made
    for place in ('cx="0.0" cy="0.0"', 'cx="900.0" cy="1107.0"', 'cx="450.0" cy="553.5"', 'cx="225.0" cy="110.7"'):
        assert place in made
    assert '<path class="land" d="M900.0 1107.0 L900.0 0.0 L0.0 0.0 L0.0 1107.0 L900.0 1107.0Z"/>' in made


def test_the_worst_mark_lies_on_top() -> None:
    made = html(result(issue("A1", lon=112.5, lat=35.5), issue("A2", severity="note", lon=112.5, lat=35.5)))
    assert made.index('class="note" cx') < made.index('class="error" cx')
    assert "<title>空隙 A1</title>" in made


@pytest.mark.parametrize(
    "values", [{}, {"lon": 112.5, "lat": 35.5, "status": "fixed"}, {"lon": 112.5, "lat": 35.5, "status": "accepted"}]
)
def test_an_issue_without_a_place_or_settled_has_no_mark(values: dict[str, Any]) -> None:
    assert "<circle " not in html(result(issue("A1", **values)))


def test_every_ring_of_a_territory_is_drawn() -> None:
    holed = shapely.box(112.0, 35.0, 113.0, 36.0).difference(shapely.box(112.4, 35.4, 112.6, 35.6))
    parts = shapely.union(shapely.box(113.5, 35.0, 114.0, 36.0), holed)
    assert html(result(), land={"140522": parts}).count('class="land"') == 3


@pytest.mark.parametrize("land", [{}, {"140522": shapely.Polygon()}])
def test_without_land_there_is_no_overview(land: dict[str, BaseGeometry]) -> None:
    made = html(result(issue("A1", lon=112.5, lat=35.5)), land=land)
    assert "<svg" not in made
    assert "112.500000, 35.500000" in made


def test_empty_territories_are_left_out_of_the_overview() -> None:
    assert html(result(), land={"140825": shapely.Polygon(), **LAND}).count('class="land"') == 1


@pytest.mark.parametrize(
    ("citation", "zh", "en"),
    [
        ({"document": "plan", "section": "第三章"}, "某规划 第三章", "a plan 第三章"),
        ({"document": "plan", "section": "第三章", "lines": "L7", "anchor": "禁止"}, "某规划 第三章 L7「禁止」",
         "a plan 第三章 L7「禁止」"),
        ({"document": "law", "section": "12"}, "law 12", "law 12"),
        ({"document": "plan", "section": "5", "verified": False}, "某规划 5（待核实）", "a plan 5 (not verified)"),
    ],
)  # fmt: skip
def test_citations_in_words(citation: dict[str, Any], zh: str, en: str) -> None:
    one = issue("A1", citations=(Citation(**citation),))
    documents = {"plan": Text("某规划", "a plan")}
    assert (cited(one, documents, "zh"), cited(one, documents, "en")) == ([zh], [en])


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_runs_nothing_of_an_issue(first: str) -> None:
    table = issues_csv(result(issue("A1", note=f"{first}1+1")), "zh").decode("utf-8-sig")
    assert f"'{first}1+1" in table


def test_the_csv_holds_numbers_as_they_are_and_nothing_for_what_is_not_known() -> None:
    one = issue("A1", area_m2=-2.5, lon=112.5, lat=35.25, layers=("red", "town"), zones=("Z1", "Z2"), territory="1405")
    head, row = issues_csv(result(one), "en").decode("utf-8-sig").splitlines()
    told = dict(zip(head.split(","), row.replace('"red, town"', "red+town").replace('"Z1, Z2"', "Z1+Z2").split(","),
                    strict=True))  # fmt: skip
    assert told == {
        "id": "A1", "status": "new", "note": "", "severity": "error", "kind": "gap", "title": "gap",
        "layers": "red+town", "zones": "Z1+Z2", "territory": "1405", "text": "what A1", "advice": "",
        "citations": "", "area_m2": "-2.5", "length_m": "", "offset_m": "", "dx_m": "", "dy_m": "",
        "confidence_m": "", "lon": "112.5", "lat": "35.25", "first_seen": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "parts"),
    [
        ("POLYGON ((112 35, 112.1 35, 112.1 35.1, 112 35))", 1),
        ("MULTIPOLYGON (((112 35, 112.1 35, 112.1 35.1, 112 35)), ((113 35, 113.1 35, 113.1 35.1, 113 35)))", 2),
        ("GEOMETRYCOLLECTION (POLYGON ((112 35, 112.1 35, 112.1 35.1, 112 35)), POINT (5 5))", 1),
        ("POINT (112 35)", 1),
        ("LINESTRING (112 35, 112.001 35)", 1),
    ],
)
def test_what_is_drawn_of_an_issue_is_polygons(shape: str, parts: int) -> None:
    found = area_of(issue("A1", shape=shape))
    assert found.geom_type == "MultiPolygon"
    assert len(shapely.get_parts(found)) == parts
    assert found.is_valid


@pytest.mark.parametrize(("lat", "shrink"), [(0.0, 1.0), (35.0, 0.819152), (60.0, 0.5)])
def test_a_point_becomes_a_round_mark_of_thirty_metres(lat: float, shrink: float) -> None:
    found = area_of(issue("A1", shape=f"POINT (112 {lat})"))
    west, south, east, north = found.bounds
    assert (east - west) * 111_320 * shrink == pytest.approx(30, rel=1e-3)
    assert (north - south) * 111_320 == pytest.approx(30, rel=1e-3)
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((112, lat))


def test_a_line_becomes_a_strip_along_it() -> None:
    found = area_of(issue("A1", shape="LINESTRING (112 35, 112.01 35)"))
    assert found.contains(shapely.from_wkt("LINESTRING (112 35, 112.01 35)"))
    assert found.bounds[3] - found.bounds[1] == pytest.approx(30 / 111_320, rel=1e-2)


@pytest.mark.parametrize(
    ("complete", "issues", "code"),
    [
        (True, [], 0),
        (True, [issue("A1", severity="note")], 0),
        (True, [issue("A1", status="accepted"), issue("A2", status="fixed")], 0),
        (True, [issue("A1")], 1),
        (True, [issue("A1", status="open", severity="warning")], 1),
        # Something could not be audited: that comes before what was found.
        (False, [], 3),
        (False, [issue("A1")], 3),
    ],
)
def test_the_exit_code_of_an_audit(complete: bool, issues: list[Issue], code: int) -> None:
    found = result(*issues, complete=complete)
    assert found.exit_code == code
    assert [one.id for one in found.open_issues] == [one.id for one in issues if code != 0]


def test_a_result_survives_being_written_and_read() -> None:
    one = issue("A1", citations=(Citation(document="plan", section="第三章"),), shape="POINT (112 35)", lon=112.0)
    found = result(one, checks=(check("c", "red"),), editions={"red": "2020"}, complete=False)
    assert AuditResult.model_validate_json(found.to_json()) == found
    assert '"schema": "zoning.audit/1"' in found.to_json()


@pytest.mark.parametrize(
    ("zone", "name", "zh", "en"),
    [
        ("Z1", "", "红线“Z1”", "red line 'Z1'"),
        ("Z1", "析城山", "红线“析城山（Z1）”", "red line '析城山 (Z1)'"),
        ("析城山", "析城山", "红线“析城山”", "red line '析城山'"),
    ],
)
def test_how_a_zone_is_called(zone: str, name: str, zh: str, en: str) -> None:
    from overlay_world import layer

    red = layer("red").model_copy(update={"title": LAYERS["red"]})
    assert zone_name(red, zone, name) == Text(zh, en)


@pytest.mark.parametrize(
    ("area", "zh", "en"),
    [
        (0.0, "0.00 平方米", "0.00 m²"),
        (12.346, "12.35 平方米", "12.35 m²"),
        (999.99, "999.99 平方米", "999.99 m²"),
    ],
)
def test_small_areas_are_told_in_square_metres(area: float, zh: str, en: str) -> None:
    assert area_text(area) == Text(zh, en)


@pytest.mark.parametrize("area", [1000.0, 12_345.0])
def test_larger_areas_are_told_as_people_hand_them_in(area: float) -> None:
    assert "公顷" in area_text(area).zh
    assert "ha" in area_text(area).en


WORDS = [Text(f"甲{n}", f"a{n}") for n in range(1, 8)]


@pytest.mark.parametrize(
    ("count", "most", "zh", "en"),
    [
        (1, 5, "甲1", "a1"),
        (2, 2, "甲1、甲2", "a1, a2"),
        (3, 2, "甲1、甲2等 3 个", "a1, a2 and 1 more"),
        (7, 1, "甲1等 7 个", "a1 and 6 more"),
    ],
)
def test_of_many_words_the_first_are_listed(count: int, most: int, zh: str, en: str) -> None:
    assert listed(WORDS[:count], most) == Text(zh, en)


def test_every_kind_of_issue_has_a_name_of_its_own() -> None:
    for language in ("zh", "en"):
        names = [kind.title.get(language) for kind in KINDS.values()]
        assert len(set(names)) == len(names)
