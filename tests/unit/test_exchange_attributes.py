"""Attributes of a parcel as fields: which come first, what they are called in a DBF table, what is cut."""

import pytest
import shapely

from zoning.exchange.attributes import ID, NAME, field_names, properties, short_names
from zoning.exchange.parcel import Parcel


def parcel(identity: str = "DK01", name: str = "一号", **attributes: str) -> Parcel:
    return Parcel(identity, name, shapely.Point(0, 0), None, attributes)


def test_id_and_name_come_first_whatever_the_attributes() -> None:
    assert list(properties(parcel(用途="工业", 备注="二期"))) == [ID, NAME, "用途", "备注"]


def test_id_and_name_are_those_of_the_footprint_and_not_of_a_column() -> None:
    told = properties(Parcel("DK01", "一号", shapely.Point(0, 0), None, {ID: "旧号", NAME: "旧名", "用途": "工业"}))
    assert told == {ID: "DK01", NAME: "一号", "用途": "工业"}


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\x07", "\x1b", "\x00"], ids=repr)
def test_signs_that_no_one_sees_do_not_go_out(sign: str) -> None:
    told = properties(Parcel("DK01", f"一{sign}号", shapely.Point(0, 0), None, {"备注": f"二{sign}期"}))
    assert sign not in told[NAME] + told["备注"]
    assert (told[NAME][0], told[NAME][-1], told["备注"][0], told["备注"][-1]) == ("一", "号", "二", "期")


def test_attributes_are_not_changed_by_being_written() -> None:
    attributes = {"备注": "二\n期"}
    properties(Parcel("DK01", "一号", shapely.Point(0, 0), None, attributes))
    assert attributes == {"备注": "二\n期"}


def test_fields_of_several_parcels_stand_in_the_order_in_which_they_are_met() -> None:
    parcels = [parcel(乙="1", 甲="2"), parcel(丙="3", 甲="4"), parcel()]
    assert field_names(parcels) == [ID, NAME, "乙", "甲", "丙"]


def test_no_parcel_has_no_field() -> None:
    assert field_names([]) == []


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (ID, "DKBH"),
        (NAME, "DKMC"),
        ("地块用途", "DKYT"),
        ("图幅号", "TFH"),
        ("地类编码", "DLBM"),
        ("地块面积", "DKMJ"),
        ("界址点数", "JZDS"),
    ],
)
def test_names_of_the_parcel_line_bear_their_letters_in_databases(name: str, short: str) -> None:
    assert short_names([name], "gbk") == {name: short}


@pytest.mark.parametrize(
    ("name", "codec", "short"),
    [
        ("abcdefghij", "gbk", "abcdefghij"),
        ("abcdefghijk", "gbk", "abcdefghij"),
        ("土地利用现", "gbk", "土地利用现"),
        ("土地利用现状", "gbk", "土地利用现"),
        ("土地利用现状", "utf-8", "土地利"),
        ("a土地利用现", "gbk", "a土地利用"),
        (" 备注 ", "gbk", "备注"),
        (" ", "gbk", "F"),
        ("𠮷", "gbk", "?"),
    ],
)
def test_a_name_is_cut_to_ten_bytes_and_never_through_a_character(name: str, codec: str, short: str) -> None:
    assert short_names([name], codec) == {name: short}


def test_names_that_begin_alike_are_numbered() -> None:
    names = [f"abcdefghijk{number}" for number in range(11)]
    shorts = list(short_names(names, "gbk").values())
    assert shorts[:3] == ["abcdefghij", "abcdefgh_2", "abcdefgh_3"]
    assert shorts[9:] == ["abcdefg_10", "abcdefg_11"]


def test_a_number_may_be_taken_already() -> None:
    names = ["name_2", "name", "NAME", "Name"]
    assert list(short_names(names, "gbk").values()) == ["name_2", "name", "NAME_3", "Name_4"]


def test_every_short_name_differs_for_a_reader_that_does_not_know_case() -> None:
    names = ["a", "A", "a ", " A", "甲" * 6, "甲" * 7, "DKBH", ID]
    shorts = short_names(names, "gbk")
    assert list(shorts) == names
    assert len({short.upper() for short in shorts.values()}) == len(names)
    assert all(len(short.encode("gbk")) <= 10 for short in shorts.values())
