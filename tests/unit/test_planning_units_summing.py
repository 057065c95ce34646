"""Units summed up by class and township, named without twins, and what has to be said with every result."""

from collections.abc import Sequence
from math import fsum
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import shapely

from overlay_world import layer
from zoning.layers.catalogue import Catalogue, ZoneClass
from zoning.overlay.plane import Geometries
from zoning.planning.units.build import Unit
from zoning.planning.units.members import Edition, Part, Territory, Unseen, title_of
from zoning.planning.units.merging import Borders, merge_small
from zoning.planning.units.naming import names_of
from zoning.planning.units.plan import Plan
from zoning.planning.units.remarks import remarks_of
from zoning.planning.units.scheme import Member, Scheme
from zoning.planning.units.totals import Total, totals_of
from zoning.texts import Text

LAND = shapely.box(0, 0, 1, 1)
COUNTY = Territory("140522", "阳城县", LAND, Edition("territory", "2023", ""))
TOWN, OTHER = Part("140522100", "凤城镇", "阳城县"), Part("140522101", "北留镇", "阳城县")
TITLES = {"priority": "优先保护单元", "key": "重点管控单元", "general": "一般管控单元"}
CATALOGUE = Catalogue(
    Path(),
    {
        "units": layer("units", classes=tuple(TITLES)).model_copy(
            update={"classes": {name: ZoneClass(title=Text(zh, name), codes=(name,)) for name, zh in TITLES.items()}}
        )
    },
    "territory",
)


def scheme(**values: Any) -> Scheme:
    plain = {
        "id": "units",
        "title": {"zh": "方案", "en": "scheme"},
        "units": "units",
        "split_by": "townships",
        "minimum": 5000.0,
        "classes": {
            "priority": {"digit": 1, "members": [{"layer": "red"}]},
            "key": {"digit": 2, "members": [{"layer": "town"}]},
            "general": {"digit": 3},
        },
    }
    return Scheme.model_validate({**plain, **values})


def planned(
    class_id: str, area_m2: float, part: Part | None = TOWN, *, county: str = "阳城县", kept: float | None = None
) -> Any:
    return SimpleNamespace(
        class_id=class_id,
        county=county,
        county_code="140522" if county == "阳城县" else "140525",
        township="" if part is None else part.name,
        unit=SimpleNamespace(area_m2=area_m2, part=part),
        kept_from=kept,
        code=f"{class_id}-{area_m2}",
    )


def plan(*units: Any, of: Scheme | None = None, edition: str | None = None, **built: Any) -> Plan:
    ground = {
        "territory": COUNTY, "territory_m2": 1000.0, "unseen": (), "contested_m2": 0.0, "assumed": 0, "merges": (),
        "kept_small_m2": (),
    }  # fmt: skip
    previous = SimpleNamespace(
        unreadable=built.pop("unreadable", ()), reason=built.pop("reason", None), edition=edition
    )
    gone = built.pop("gone", ())
    told = SimpleNamespace(
        scheme=scheme() if of is None else of,
        catalogue=built.pop("catalogue", CATALOGUE),
        units=units,
        built=SimpleNamespace(**{**ground, **built}),
        previous=previous,
        gone=gone,
    )
    return cast("Plan", told)


def test_classes_are_shares_of_the_territory() -> None:
    found = totals_of(plan(planned("priority", 100.0), planned("key", 300.0), planned("priority", 50.0)))
    assert [(one.class_id, one.title_zh, one.total) for one in found.classes] == [
        ("priority", "优先保护单元", Total(2, 150.0, 0.15)),
        ("key", "重点管控单元", Total(1, 300.0, 0.3)),
        ("general", "一般管控单元", Total(0, 0.0, 0.0)),
    ]
    assert found.groups == ()


def test_classes_of_one_group_are_summed() -> None:
    group = {"zh": "农业农村发展区", "en": "agriculture"}
    classes = {
        "priority": {"digit": 1, "group": group, "members": [{"layer": "red"}]},
        "key": {"digit": 2, "members": [{"layer": "town"}]},
        "general": {"digit": 3, "group": group},
    }
    units = [planned("priority", 100.0), planned("key", 300.0), planned("general", 200.0)]
    found = totals_of(plan(*units, of=scheme(classes=classes)))
    assert found.groups == (("农业农村发展区", Total(2, 300.0, 0.3)),)
    assert [one.group for one in found.classes] == ["农业农村发展区", "", "农业农村发展区"]


def test_rows_are_townships_by_their_codes_with_shares_of_their_own_land() -> None:
    units = [
        planned("general", 60.0, None),
        planned("key", 25.0, OTHER),
        planned("priority", 75.0, OTHER),
        planned("priority", 10.0, TOWN),
        planned("general", 5.0, TOWN, county="高平市"),
    ]
    found = totals_of(plan(*units))
    assert [(row.county, row.township, row.count, row.area_m2) for row in found.rows] == [
        ("阳城县", "凤城镇", 1, 10.0),
        ("阳城县", "北留镇", 2, 100.0),
        # Land in no township comes last in its county.
        ("阳城县", "", 1, 60.0),
        ("高平市", "凤城镇", 1, 5.0),
    ]
    assert found.rows[1].classes == (Total(1, 75.0, 0.75), Total(1, 25.0, 0.25), Total(0, 0.0, 0.0))
    assert (found.whole.county, found.whole.township, found.whole.count) == ("阳城县", "", 5)
    assert found.whole.area_m2 == fsum(row.area_m2 for row in found.rows) == 175.0


def test_a_plan_without_units_sums_up_to_nothing() -> None:
    found = totals_of(plan())
    assert found.rows == ()
    assert found.whole.classes == (Total(0, 0.0, 0.0),) * 3


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_however_many_units_would_bear_one_name_no_two_do(count: int) -> None:
    units = [Unit(LAND, 1.0, 0, 0, None, (), 0.0)] * count
    found = names_of(units, scheme(split_by=None), CATALOGUE, COUNTY)
    assert found[:1] == ["阳城县优先保护单元"]
    assert len(set(found)) == count
    in_town = names_of([Unit(LAND, 1.0, 1, 0, TOWN, (), 0.0)] * count, scheme(), CATALOGUE, COUNTY)
    assert len(set(in_town)) == count
    assert all(name.startswith("阳城县凤城镇重点管控单元") for name in in_town)


@pytest.mark.parametrize(
    ("member", "zh", "en"),
    [
        ({"title": {"zh": "红线", "en": "red line"}, "layer": "units"}, "红线", "red line"),
        ({"layer": "units"}, "图层", "layer"),
        (
            {"layer": "units", "classes": ["priority", "key"]},
            "图层（优先保护单元、重点管控单元）",
            "layer (priority, key)",
        ),
        ({"layer": "gone"}, "gone", "gone"),
        ({"layer": "gone", "classes": ["a"]}, "gone", "gone"),
    ],
)
def test_what_a_member_is_called(member: dict[str, Any], zh: str, en: str) -> None:
    told = Member.model_validate(member)
    assert title_of(told, CATALOGUE.layers.get(told.layer)) == Text(zh, en)


def sentences(told: Plan, language: str = "zh") -> list[tuple[str, str]]:
    return [(one.kind, one.text.zh if language == "zh" else one.text.en) for one in remarks_of(told)]


NEW = ("note", "编码重新编排，没有沿用旧版本")


def test_a_plain_plan_has_a_note_on_its_codes_alone() -> None:
    assert sentences(plan(planned("key", 5.0))) == [NEW]
    assert sentences(plan(), "en") == [("note", "codes are new, none was kept")]
    told = plan(reason=Text("没有版本", "no edition"))
    assert sentences(told) == [("note", "编码重新编排，没有沿用旧版本（没有版本）")]
    assert sentences(told, "en") == [("note", "codes are new, none was kept (no edition)")]


def unseen(layer_id: str | None, area_m2: float = 20_000.0) -> Unseen:
    return Unseen(0, layer_id, Text("红线", "red line"), Text("文件缺失", "the file is missing"), area_m2, LAND)


def test_what_was_not_seen_is_said_first_and_loudly() -> None:
    told = sentences(plan(unseen=(unseen(None), unseen("red"))))
    assert [kind for kind, _ in told] == ["warning", "warning", "note"]
    assert told[0][1] == (
        "数据缺失，未核查：红线（red）：文件缺失，涉及 2.0000 公顷（30.00 亩）；其中的优先保护单元成员没有计入，"
        "这些地方的类别可能偏低"
    )
    assert told[1][1] == "未计入：红线（文件列为优先保护单元，文件缺失）；其中的土地会落入后面的类别"
    english = sentences(plan(unseen=(unseen("red"), unseen(None))), "en")
    assert english[0][1].startswith("no data, not checked: red line (red): the file is missing, on 2.0000 ha")
    assert english[1][1].startswith("not counted: red line (of class 'priority' by the document")


@pytest.mark.parametrize(("split", "said"), [("townships", True), (None, False)])
def test_units_in_no_township_are_a_warning_where_units_are_split(split: str | None, said: bool) -> None:
    units = [planned("key", 10_000.0, None), planned("key", 10_000.0, None), planned("key", 5.0)]
    told = sentences(plan(*units, of=scheme(split_by=split)))
    words = ("warning", "2 个单元（2.0000 公顷（30.00 亩））不在任何乡镇内；请核对乡镇图层")
    assert (words in told) is said


@pytest.mark.parametrize(("area_m2", "said"), [(0.0, False), (0.99, False), (1.0, True), (10_000.0, True)])
def test_land_in_two_townships_is_a_warning(area_m2: float, said: bool) -> None:
    told = sentences(plan(contested_m2=area_m2))
    assert any("同时在两个乡镇内" in text for _, text in told) is said


def test_members_without_a_class_and_unreadable_codes_are_counted() -> None:
    told = sentences(plan(assumed=3, unreadable=tuple("abcdefg")))
    assert told[:2] == [
        ("warning", "3 个成员区没有类别，按最严类别计入"),
        ("warning", "旧版本有 7 个编码无法识别，没有沿用：a, b, c, d, e"),
    ]
    assert sentences(plan(unreadable=("a",)), "en")[0][1] == (
        "1 codes of the edition before are none and were not kept: a"
    )


@pytest.mark.parametrize(
    ("gone", "zh", "en"),
    [
        ((), "沿用编码 1 个，新编 2 个，停用 0 个", "1 codes kept, 2 new, 0 retired"),
        (("a", "b"), "停用 2 个（a、b）", "2 retired (a, b)"),
        (tuple("abcde"), "停用 5 个（a、b、c、d、e）", "5 retired (a, b, c, d, e)"),
        (tuple("abcdef"), "停用 6 个（a、b、c、d、e…）", "6 retired (a, b, c, d, e ...)"),
    ],
)
def test_codes_that_were_kept_given_and_retired(gone: tuple[str, ...], zh: str, en: str) -> None:
    units = [planned("key", 1.0, kept=0.9), planned("key", 2.0), planned("key", 3.0)]
    told = plan(*units, edition="2024", gone=gone)
    assert sentences(told)[0][1].startswith("与版本 2024 相比：")
    assert sentences(told)[0][1].endswith(zh)
    assert sentences(told, "en")[0][1].endswith(en)


def test_pieces_that_joined_or_stayed_small_are_noted() -> None:
    merges = (SimpleNamespace(area_m2=10_000.0), SimpleNamespace(area_m2=10_000.0))
    told = sentences(plan(merges=merges, kept_small_m2=(4000.0, 1000.0)))
    assert told[1][1].startswith("2 块（共 2.0000 公顷（30.00 亩））小于 0.5000 公顷（7.50 亩）")
    assert told[2][1] == ("2 块小于最小面积，但并入相邻单元会放松管控，予以保留（共 0.5000 公顷（7.50 亩））")


def test_a_schematic_layer_and_the_notes_of_the_scheme_come_last() -> None:
    schematic = CATALOGUE["units"].model_copy(update={"schematic": True})
    made = Catalogue(Path(), {"units": schematic}, "territory")
    told = plan(catalogue=made, of=scheme(notes=[{"zh": "按2023年方案", "en": "by the scheme of 2023"}]))
    assert sentences(told)[1:] == [("note", "图层标为示意数据，非法定边界"), ("note", "按2023年方案")]


def chain(*lengths: float) -> Borders:
    """Return pieces in a row, each with a border to the next."""
    pairs = np.array([[number, number + 1] for number in range(len(lengths))], dtype=np.int64).reshape(-1, 2)
    return Borders(pairs, np.array(lengths))


@pytest.mark.parametrize(
    ("areas", "lengths", "ranks", "into"),
    [
        # Exactly the minimum is large enough.
        ([10.0, 20.0], [1.0], [0, 0], [0, 1]),
        ([9.99, 20.0], [1.0], [0, 0], [1, 1]),
        # The longest border, then the larger, then the smaller number.
        ([20.0, 1.0, 20.0], [1.0, 2.0], [0, 0, 0], [0, 2, 2]),
        ([30.0, 1.0, 20.0], [1.0, 1.0], [0, 0, 0], [0, 0, 2]),
        ([20.0, 1.0, 20.0], [1.0, 1.0], [0, 0, 0], [0, 0, 2]),
        # The nearest rank that is no looser.
        ([20.0, 1.0, 20.0], [9.0, 1.0], [0, 2, 1], [0, 2, 2]),
        ([20.0, 1.0, 20.0], [1.0, 9.0], [0, 1, 2], [0, 0, 2]),
    ],
)
def test_whom_a_small_piece_joins(
    areas: Sequence[float], lengths: Sequence[float], ranks: Sequence[int], into: Sequence[int]
) -> None:
    assert merge_small(areas, chain(*lengths), ranks, 10.0).into.tolist() == list(into)


def test_borders_of_what_was_joined_add_up() -> None:
    # 0 joins 1; together they have 1.5 m with 3, more than the 1.2 m that 4 has with 3.
    pairs = np.array([[0, 1], [0, 3], [1, 3], [3, 4]], dtype=np.int64)
    borders = Borders(pairs, np.array([5.0, 0.7, 0.8, 1.2]))
    found = merge_small([1.0, 50.0, 50.0, 2.0, 50.0], borders, [0] * 5, 10.0)
    assert found.into.tolist() == [1, 1, 2, 1, 4]
    assert [(one.piece, one.into, one.border_m) for one in found.merges] == [(0, 1, 5.0), (3, 1, 1.5)]


def test_no_minimum_merges_nothing() -> None:
    areas: list[float] = [0.0, 1.0]
    found = merge_small(areas, chain(1.0), [0, 0], 0.0)
    assert (found.into.tolist(), found.merges, found.kept_small) == ([0, 1], (), ())
    assert areas == [0.0, 1.0]


def test_a_piece_without_a_neighbour_stays_small() -> None:
    alone: Geometries = np.array([LAND], dtype=object)
    found = merge_small(shapely.area(alone), chain(), [0], 10.0)
    assert (found.into.tolist(), found.kept_small) == ([0], (0,))
