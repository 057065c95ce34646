"""The id and the name of every footprint, and how much one record may ask of the machine before it is a footprint."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from both_languages import both
from zoning.errors import CRSError, SiteError, TangledError
from zoning.sites.drawing import Drawing, Kind
from zoning.sites.limits import Limits, Load, Options, Tally
from zoning.sites.naming import IdsInMemory, Named, Namer, name_sites, says_ids
from zoning.sites.raw import Fault, Label, RawSite
from zoning.sites.records import in_words, raw_site, site_or_fault
from zoning.sites.site import Repair
from zoning.sites.where import Where
from zoning.texts import Text

FILE = Where("范围.shp")
HERE = FILE.at_record(3)


def label(attributes: Mapping[str, str] | None = None, **stated: str) -> Label:
    return Label(HERE, dict(attributes or {}), **stated)


def named(record: Label, *, number: int = 7, alone: bool = False) -> Named:
    return Namer("范围", IdsInMemory(), alone=alone).name(number, record)


# --- Ids ---


@pytest.mark.parametrize(
    "field",
    ["地块编号", "地块编", "DKBH", "项目编号", "项目编", "xmbh", "图斑编号", "图斑编", "TBBH", "编号", "id", "FID",
     "OBJECTID", "BSM", "code", " 编号 "],
)  # fmt: skip
def test_fields_that_hold_ids(field: str) -> None:
    assert named(label({field: " A-1 "})).id == "A-1"
    assert says_ids([field])


@pytest.mark.parametrize("fields", [[], ["名称"], ["ids"], ["地块", "面积"]])
def test_fields_that_hold_no_ids(fields: Sequence[str]) -> None:
    assert not says_ids(fields)
    assert named(label(dict.fromkeys(fields, "A-1"))).id == "7"


@pytest.mark.parametrize(
    ("attributes", "stated", "expected"),
    [
        ({"编号": "A", "地块编号": "B"}, "C", "B"),
        ({"编号": "A", "id": "D"}, "C", "A"),
        ({"id": "D"}, "C", "C"),
        ({"id": "D", "fid": "E"}, "", "D"),
        ({"fid": "E", "code": "F"}, "", "E"),
        ({"编号": "", "id": "D"}, "", "D"),
        ({"编号": "  ", "id": "D"}, "", "D"),
        ({"编号": "0"}, "", "0"),
        ({"id": "0"}, "", "7"),
        ({"id": "0", "fid": "E"}, "", "7"),
        ({"id": "00"}, "", "00"),
        ({}, " C ", "C"),
        ({}, "  ", "7"),
    ],
)
def test_the_id_that_counts(attributes: Mapping[str, str], stated: str, expected: str) -> None:
    assert named(label(attributes, stated_id=stated)).id == expected


@pytest.mark.parametrize(("length", "expected"), [(200, "甲" * 200), (201, f"{'甲' * 200}…"), (900, f"{'甲' * 200}…")])
def test_ids_and_names_have_at_most_200_signs(length: int, expected: str) -> None:
    found = named(label({"编号": "甲" * length, "名称": "甲" * length}))
    assert (found.id, found.name) == (expected, expected)


def test_ids_and_names_stand_on_one_line_without_control_characters() -> None:
    found = named(label({"编号": "A\x1b[31m\n1", "名称": "甲\t\r\n乙"}))
    assert (found.id, found.name) == ("A [31m 1", "甲 乙")


def test_ids_that_come_again_are_counted_and_said() -> None:
    namer = Namer("范围", IdsInMemory(), alone=False)
    found = [namer.name(number, label({"编号": "A"})) for number in (1, 2, 3)]
    assert [one.id for one in found] == ["A", "A-2", "A-3"]
    assert [one.warnings for one in found] == [
        (),
        (
            Text(
                "范围.shp 第 3 个图形：编号 A 重复，改称 A-2", "范围.shp, record 3: the id A is taken, it is called A-2"
            ),
        ),
        (
            Text(
                "范围.shp 第 3 个图形：编号 A 重复，改称 A-3", "范围.shp, record 3: the id A is taken, it is called A-3"
            ),
        ),
    ]


def test_a_number_that_somebody_bears_is_taken() -> None:
    namer = Namer("范围", IdsInMemory(), alone=False)
    assert [namer.name(1, label({"编号": "2"})).id, namer.name(2, label()).id] == ["2", "2-2"]


def test_a_record_passed_over_keeps_its_id() -> None:
    namer = Namer("范围", IdsInMemory(), alone=False)
    namer.pass_over(1, label({"编号": "A"}))
    namer.pass_over(2, label())
    assert [namer.name(3, label({"编号": "A"})).id, namer.name(4, label({"编号": "2"})).id] == ["A-2", "2-2"]


# --- Names ---


@pytest.mark.parametrize(
    "field", ["地块名称", "地块名", "DKMC", "项目名称", "项目名", "xmmc", "名称", "Name", "TITLE", " 名称 "]
)
def test_fields_that_hold_names(field: str) -> None:
    assert named(label({field: " 某矿 "})).name == "某矿"


@pytest.mark.parametrize(
    ("attributes", "stated", "expected"),
    [
        ({"名称": "甲", "地块名称": "乙"}, "丙", "丙"),
        ({"名称": "甲", "地块名称": "乙"}, "", "乙"),
        ({"title": "甲", "name": "乙"}, " ", "乙"),
        ({"地块名称": " ", "名称": "甲"}, "", "甲"),
    ],
)
def test_the_name_that_counts(attributes: Mapping[str, str], stated: str, expected: str) -> None:
    assert named(label(attributes, stated_name=stated)).name == expected


@pytest.mark.parametrize(("alone", "expected"), [(True, "范围"), (False, "范围 A")])
def test_without_a_name_it_is_called_by_its_file(*, alone: bool, expected: str) -> None:
    assert named(label({"编号": "A"}), alone=alone).name == expected


def test_records_in_memory_are_counted_from_1() -> None:
    sites = [RawSite(FILE.at_record(n), shapely.box(0, 0, 1, 1)) for n in (1, 2)]
    assert [(one.id, one.name) for one in name_sites(sites, "范围")] == [("1", "范围 1"), ("2", "范围 2")]
    assert [(one.id, one.name) for one in name_sites(sites[:1], "范围")] == [("1", "范围")]
    assert name_sites([], "范围") == []


# --- Options and what has been counted ---


@pytest.mark.parametrize(
    ("stated", "diameter"),
    [
        ({}, None),
        ({"width_m": 6.0}, 6.0),
        ({"radius_m": 5.0}, 10.0),
        ({"radius_m": 0.0, "width_m": 6.0}, 0.0),
        ({"radius_m": 5.0, "width_m": 6.0, "area_m2": 1.0}, 10.0),
        ({"area_m2": 78.539816339744831}, 10.0),
        ({"area_m2": 78.539816339744831, "width_m": 6.0}, 10.0),
    ],
)
def test_the_diameter_of_points(stated: dict[str, float], diameter: float | None) -> None:
    found = Options(expected=None, **stated).diameter_m  # type: ignore[arg-type]  # numbers of metres alone
    assert found == (None if diameter is None else pytest.approx(diameter))


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(
            expected=(112.0, 35.0, 113.0, 36.0), width_m=1.0, radius_m=2.0, area_m2=3.0, encoding="gb18030",
            crs="EPSG:4490", layer="红线", datum_shift=Path("a.yaml"), limits=Limits(records=5, seconds=1),
        ),
    ],
)  # fmt: skip
def test_options_come_back_from_their_plain_values(options: Options) -> None:
    plain = options.plain()
    assert plain["datum_shift"] == (None if options.datum_shift is None else "a.yaml")
    assert Options.from_plain({**plain, "expected": plain["expected"] and list(plain["expected"])}) == options


def test_options_afresh_have_counted_nothing() -> None:
    options = Options(limits=Limits(records=1))
    options.tally.count("records", 1, FILE)
    afresh = options.afresh()
    assert (afresh, afresh.tally.records, options.tally.records) == (options, 0, 1)


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("records", "个图形", "records"), ("parts", "个部分", "parts"), ("rings", "个环", "rings"),
        ("vertices", "个点", "vertices"), ("fields", "个属性值", "attributes"),
        ("text", "个属性字符", "characters of attributes"),
    ],
)  # fmt: skip
def test_one_more_than_is_allowed_is_refused(name: str, zh: str, en: str) -> None:
    tally = Tally(Limits(**{name: 3}))
    tally.count(name, 2, HERE)
    tally.count(name, 1, HERE)
    found = both(lambda: tally.count(name, 1, HERE), SiteError)
    assert found == (
        f"范围.shp：超过 3 {zh}的上限；请只导出项目范围，或用 --limit {name}=… 提高上限",
        (
            f"范围.shp: it holds more than the allowed 3 {en}; export the footprint alone, or raise the limit with "
            f"--limit {name}=…"
        ),
    )


def drawing(kind: Kind, *points: tuple[float, float]) -> Drawing:
    return Drawing(kind, (np.array(points, dtype=float),))


SQUARE = drawing("polygon", (0, 0), (0, 10), (10, 10), (10, 0), (0, 0))


def test_a_record_counts_with_its_parts_rings_vertices_and_texts() -> None:
    tally = Tally(Limits())
    hole = Drawing("polygon", (SQUARE.rings[0], SQUARE.rings[0][:4]))
    tally.take([SQUARE, hole], HERE)
    tally.take_texts({"名称": "某矿", "a": ""}, HERE)
    counted = (tally.records, tally.parts, tally.rings, tally.vertices, tally.fields, tally.text)
    assert counted == (1, 2, 3, 14, 2, 5)


@pytest.mark.parametrize(
    ("points", "signs", "full"),
    [(0, 0, False), (499_999, 0, False), (500_000, 0, True), (0, 4_999_999, False), (0, 5_000_000, True)],
)
def test_a_slice_is_full_of_vertices_or_of_text(points: int, signs: int, *, full: bool) -> None:
    load = Load()
    load.add([Drawing("line", (np.zeros((points // 2, 2)),))], {"名称": "x" * (signs // 2)})
    assert not load.full
    load.add([Drawing("line", (np.zeros((points - points // 2, 2)),))], {"名称": "x" * (signs - signs // 2)})
    assert load.full is full


# --- One record ---


def test_a_polygon_becomes_a_record_without_a_width() -> None:
    repair, said = Repair("x", 1, 0.0, Text("甲", "a")), Text("乙", "b")
    found = raw_site([SQUARE], HERE, Options(width_m=6.0), stated_id="A", repairs=(repair,), warnings=(said,))
    assert (found.where, found.geometry.area, found.width_m, found.stated_id) == (HERE, 100.0, None, "A")
    assert (found.repairs[0], found.warnings[0]) == (repair, said)


@pytest.mark.parametrize(
    ("kind", "points", "stated", "width"),
    [
        ("line", [(0, 0), (9, 0)], {}, 6.0),
        ("line", [(0, 0), (9, 0)], {"width_m": 8.0}, 8.0),
        ("point", [(0, 0)], {}, 4.0),
        ("point", [(0, 0)], {"width_m": 8.0}, 8.0),
    ],
)
def test_lines_have_a_width_and_points_a_diameter(
    kind: Kind, points: Sequence[tuple[float, float]], stated: dict[str, Any], width: float
) -> None:
    assert raw_site([drawing(kind, *points)], HERE, Options(width_m=6.0, radius_m=2.0), **stated).width_m == width


def test_a_record_is_counted_before_it_is_put_together() -> None:
    options = Options(limits=Limits(text=3))
    assert raw_site([SQUARE], HERE, options, attributes={"a": "bc"}).attributes == {"a": "bc"}
    assert (options.tally.records, options.tally.vertices, options.tally.text) == (1, 5, 3)
    assert (
        "more than the allowed 3 characters"
        in both(lambda: raw_site([SQUARE], HERE, options, attributes={"a": ""}), SiteError)[1]
    )


def raising(error: BaseException) -> RawSite:
    raise error


def test_a_record_that_can_be_read_is_no_fault() -> None:
    site = RawSite(HERE, shapely.box(0, 0, 1, 1))
    assert site_or_fault(lambda: site, HERE) is site


def test_a_refusal_is_kept_with_what_the_record_says_of_itself() -> None:
    error = HERE.crs_error("甲", "a")
    found = site_or_fault(lambda: raising(error), HERE, stated_id="A", attributes={"b": "c"})
    assert isinstance(found, Fault)
    assert (found.where, found.error, found.stated_id, found.attributes) == (HERE, error, "A", {"b": "c"})
    assert isinstance(found.error, CRSError)


NOT_PROCESSED = (
    "范围.shp：图形无法处理；请检查自相交和重复的点后重新导出",
    "范围.shp: a geometry cannot be processed; check it for crossings and repeated points and export it again",
)


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (TangledError("线打结", "the border is tangled"), "范围.shp：线打结", "范围.shp: the border is tangled"),
        (shapely.errors.GEOSException("bad"), *NOT_PROCESSED),
    ],
)
def test_what_libraries_raise_about_a_record_is_said_of_the_file(error: Exception, zh: str, en: str) -> None:
    found = site_or_fault(lambda: raising(error), HERE)
    assert isinstance(found, Fault)
    assert (found.error.text.zh, found.error.text.en) == (zh, en)
    assert found.error.__cause__ is error


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), OSError()])
def test_other_errors_are_no_fault_of_a_record(error: Exception) -> None:
    with pytest.raises(type(error)):
        site_or_fault(lambda: raising(error), HERE)


def within_words(error: Exception) -> None:
    with in_words(FILE):
        raise error


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (TangledError("线打结", "the border is tangled"), "范围.shp：线打结", "范围.shp: the border is tangled"),
        (
            MemoryError(),
            "范围.shp：内存不足，无法读取；请只导出项目范围",
            "范围.shp: there is not enough memory to read it; export the footprint alone",
        ),
        (
            OSError("disk"),
            "范围.shp：读取中断；请检查文件和磁盘后重试",
            "范围.shp: reading was interrupted; check the file and the disk, then try again",
        ),
        (shapely.errors.GEOSException("bad"), *NOT_PROCESSED),
    ],
)
def test_what_libraries_raise_is_said_in_a_sentence(error: Exception, zh: str, en: str) -> None:
    assert both(lambda: within_words(error), SiteError) == (zh, en)


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError):
        within_words(KeyError("x"))
    with pytest.raises(CRSError):
        within_words(HERE.crs_error("甲", "a"))
