"""The map of a batch: every footprint at its place, names only as texts, never too large for a mail."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from zoning.batch.columns import GEOMETRY, LayerColumns
from zoning.batch.overview import gathering
from zoning.batch.overview.gathering import KINDS, Overview, gather
from zoning.batch.overview.page import Subject, render_overview
from zoning.batch.overview.wording import WORDS
from zoning.batch.tally import LayerCount, Tally
from zoning.styles.stylebook import Outcomes, read_stylebook
from zoning.texts import Language, Text


def columns_of(name: str, amount: str) -> LayerColumns:
    line = amount.endswith("_length_m")
    return LayerColumns(name, line, f"{name}_status", f"{name}_classes", amount, f"{name}_nearest_m")


LAYERS = (columns_of("water", "water_overlap_m2"), columns_of("roads", "roads_length_m"))
SUBJECT = Subject(
    "sites.gpkg",
    "2026-06-01",
    Text("初步研判。", "Preliminary check."),
    schematic=True,
    territories=[("甲县", [[(112.0, 35.0), (113.0, 35.0), (113.0, 36.0), (112.0, 35.0)]])],
    layers={"water": Text("水源", "water"), "roads": Text("道路", "roads")},
    rules={"R042": Text("一级区禁止建设", "no building")},
)
FIVE_MIB, MOST_BYTES = 5 * 2**20, 15_000_000


def table(count: int, *, name: str = "地块", first: int = 1, placed: bool = True) -> pa.Table:
    x, y = 112 + np.arange(count) % 1000 / 1000, 35 + np.arange(count) // 1000 / 1000
    decisions = [("permitted", "restricted", "undetermined", "prohibited", None)[n % 5] for n in range(count)]
    shapes = shapely.box(x, y, x + 0.0002, y + 0.0001)
    refused = [decision is None for decision in decisions]
    columns: dict[str, Any] = {
        "number": pa.array(range(first, first + count), pa.int64()),
        "id": [f"140522-{n:06d}" for n in range(count)],
        "name": [f"{name} {n}" for n in range(count)],
        "status": ["refused" if no else "checked" for no in refused],
        "decision": pa.array(decisions, pa.string()),
        "area_m2": [None if no else 1234.5 for no in refused],
        "deciding_rules": pa.array(
            [["R042", "R083"] if d == "prohibited" else [] for d in decisions], pa.list_(pa.string())
        ),
        "missing_facts": pa.array([[]] * count, pa.list_(pa.string())),
        "missing_layers": pa.array([[]] * count, pa.list_(pa.string())),
        "error_code": ["site" if no else None for no in refused],
        "error_zh": ["面积为零" if no else None for no in refused],
        "error_en": ["no area" if no else None for no in refused],
        "water_status": ["affected" if n % 2 else "not_affected" for n in range(count)],
        "water_overlap_m2": [1.0 * (n % 2) for n in range(count)],
        "roads_status": ["no_data"] * count,
        "roads_length_m": pa.array([None] * count, pa.float64()),
        GEOMETRY: pa.array(shapely.to_wkb(shapes) if placed else [None] * count, pa.large_binary()),
    }
    return pa.table(columns)


@pytest.fixture(scope="session")
def outcomes(workspace_root: Path) -> Outcomes:
    return read_stylebook(workspace_root / "styles").outcomes


def overview_of(tables: list[pa.Table]) -> Overview:
    return gather(lambda: iter(tables), LAYERS, total=sum(map(len, tables)))


def page_of(tables: list[pa.Table], outcomes: Outcomes, language: Language = "en") -> str:
    tally = Tally(tuple(LayerCount(columns) for columns in LAYERS))
    for one in tables:
        tally.add(one)
    return render_overview(overview_of(tables), SUBJECT, tally, outcomes, language)


def payload(page: str, name: str = "payload") -> Any:
    found = re.search(f'<script id="{name}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_the_page_holds_place_decision_and_number_of_every_footprint(outcomes: Outcomes) -> None:
    page = page_of([table(6), table(4, first=7)], outcomes)
    told = payload(page)
    places = np.frombuffer(base64.b64decode(told["places"]), dtype="<i4").reshape(-1, 2)
    # The middle of the second box: 112.001 + 0.0001, 35 + 0.00005 degrees.
    assert places[1].tolist() == [112_001_100, 35_000_050]
    kinds = list(base64.b64decode(told["kindOf"]))
    assert [KINDS[kind] for kind in kinds[:5]] == ["permitted", "restricted", "undetermined", "prohibited", "refused"]
    assert np.frombuffer(base64.b64decode(told["numbers"]), dtype="<i4").tolist() == list(range(1, 11))
    row = payload(page, "details")[3]
    assert row[:3] == ["140522-000003", "地块 3", 1234.5]
    assert [told["combinations"][index] for index in row[3:6]] == [["R042", "R083"], ["water"], ["roads"]]
    assert payload(page, "details")[4][6] == ["面积为零", "no area"]


@pytest.mark.parametrize(
    ("language", "heading", "road"),
    [("zh", "数据缺失、未核查的图层", "道路"), ("en", "Layers without data, not checked", "roads")],
)
def test_layers_without_data_are_not_passed_over_in_silence(
    outcomes: Outcomes, language: Language, heading: str, road: str
) -> None:
    page = page_of([table(6)], outcomes, language)
    before, _, after = page.partition(f">{heading}</h2>")
    rows = re.findall(r"<tr><td><span [^>]*>(.*?)</span></td><td>(.*?)</td></tr>", after.partition("</table>")[0])
    assert rows == [(road, "6")]
    assert f">{road}</span></td>" not in before


def test_outlines_are_steps_from_vertex_to_vertex() -> None:
    (paths,) = (json.loads(text) for text in overview_of([table(1)]).outlines)
    x, y = np.cumsum(np.reshape(paths[0], (-1, 2)), axis=0).T
    assert sorted(set(x.tolist())) == [112_000_000, 112_000_200]
    assert sorted(set(y.tolist())) == [35_000_000, 35_000_100]
    assert (x[0], y[0]) == (x[-1], y[-1])


def test_names_of_strangers_are_texts(outcomes: Outcomes) -> None:
    page = page_of([table(3, name="</script><script>alert(1)</script>")], outcomes)
    assert "<script>alert" not in page
    assert payload(page, "details")[0][1] == "</script><script>alert(1)</script> 0"


def test_the_page_asks_nobody_for_anything(outcomes: Outcomes) -> None:
    page = page_of([table(10)], outcomes)
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=", page)


def test_the_same_rows_give_the_same_page(outcomes: Outcomes) -> None:
    assert page_of([table(10)], outcomes) == page_of([table(10)], outcomes)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages(outcomes: Outcomes, language: Language) -> None:
    page = page_of([table(10)], outcomes, language)
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page
    for name in ("heading", "decisions", "layers", "rules", "refused"):
        assert WORDS[name].get(language) in page
    assert "10 footprints" in page or "10 个地块" in page


def test_records_without_a_place_are_counted(outcomes: Outcomes) -> None:
    page = page_of([table(4), table(3, placed=False)], outcomes)
    assert "3 records have nothing to draw" in page
    assert len(payload(page, "details")) == 4


def test_large_batches_have_no_outlines_and_stay_small(outcomes: Outcomes) -> None:
    page = page_of([table(100_000, name="某某县某某镇某某村光伏发电项目用地")], outcomes)
    assert payload(page, "outlines") == []
    assert FIVE_MIB < len(page.encode()) < MOST_BYTES
    assert len(base64.b64decode(payload(page)["kindOf"])) == 100_000


def test_where_there_is_no_room_rows_are_left_to_the_table(outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_DETAIL_BYTES", 500)
    page = page_of([table(100)], outcomes)
    assert 0 < len(payload(page, "details")) < 20
    assert len(base64.b64decode(payload(page)["kindOf"])) == 100


def test_where_there_is_no_room_for_places_the_strictest_are_drawn(
    outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_PLACES", 7)
    page = page_of([table(10), table(10, first=11)], outcomes)
    kinds = [KINDS[kind] for kind in base64.b64decode(payload(page)["kindOf"])]
    assert kinds == ["refused"] * 4 + ["prohibited"] * 3
    assert "13 footprints are beyond what this page can hold" in page


def test_an_empty_batch_has_a_page(outcomes: Outcomes) -> None:
    def nothing() -> Iterator[pa.Table]:
        return iter(())

    overview = gather(nothing, LAYERS, total=0)
    tally = Tally(tuple(LayerCount(columns) for columns in LAYERS))
    assert "0 footprints" in render_overview(overview, SUBJECT, tally, outcomes, "en")
