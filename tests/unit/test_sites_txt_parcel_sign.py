"""The sign that ends a parcel line of a coordinate TXT, in half and in full width."""

import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.txt.parcel_line import parcel_fields
from zoning.sites.where import Where

HERE = Where("界址点.txt").at_line(7)
SPECIFIED = {
    "界址点数": "5",
    "地块面积": "1.2345",
    "地块编号": "DK01",
    "地块名称": "甲",
    "记录图形属性": "面",
    "图幅号": "I49",
    "地块用途": "采矿",
    "地类编码": "0602",
}


@pytest.mark.parametrize(
    "text",
    [
        "5,1.2345,DK01,甲,面,I49,采矿,0602,＠",
        "5,1.2345,DK01,甲,面,I49,采矿,0602＠",
        "5,1.2345,DK01,甲,面,I49,采矿,0602, ＠ ",
        "5，1.2345，DK01，甲，面，I49，采矿，0602，＠",
        "5\t1.2345\tDK01\t甲\t面\tI49\t采矿\t0602＠",
    ],
)
def test_a_full_width_sign_ends_the_line_like_the_plain_one(text: str) -> None:
    assert parcel_fields(text, HERE) == (SPECIFIED, True)


def test_a_full_width_sign_behind_seven_fields_is_no_land_class() -> None:
    fields, loose = parcel_fields("5,1.2345,DK01,甲,面,I49,采矿,＠", HERE)
    assert (fields, loose) == ({**SPECIFIED, "地类编码": ""}, True)


def test_a_full_width_sign_behind_the_fields_of_farmland_is_no_remark() -> None:
    fields, _ = parcel_fields("5,1.2345,DK01,甲,面,I49,采矿,0602,水田,0101,5,4,无,＠", HERE)
    assert fields == {**SPECIFIED, "图斑类型": "水田", "地类": "0101", "等别前": "5", "等别后": "4", "备注": "无"}


@pytest.mark.parametrize(
    ("name", "use"), [("甲＠乙", "采矿"), ("＠甲", "采矿"), ("甲＠", "采矿"), ("甲", "采＠矿"), ("甲", "采矿＠")]
)
def test_a_full_width_sign_within_a_text_stays_there(name: str, use: str) -> None:
    fields, loose = parcel_fields(f"5,1.2345,DK01,{name},面,I49,{use},0602,@", HERE)
    assert (fields, loose) == ({**SPECIFIED, "地块名称": name, "地块用途": use}, False)


@pytest.mark.parametrize(
    "text",
    [
        "5,1,D1,甲,面,I49,采矿,0602,＠,x",
        "5,1,D1,甲,面,I49,采矿,0602,＠ 注",
        "5,1,D1,甲,面,I49,采矿,0602,＠＠",
        "5,1,D1,甲,面,I49,采矿,0602,＠@",
        "5,1,D1,甲,面,I49,采矿,0602,@＠",
        "5,1,D1,甲,面,＠,采矿,0602,@",
        "5，1，D1，甲，面，I49，采矿，0602，＠，注",
    ],
)
def test_nothing_stands_behind_a_full_width_sign(text: str) -> None:
    zh, en = both(lambda: parcel_fields(text, HERE), SiteError)
    assert zh == "界址点.txt:7：地块行的 @ 之后还有内容；@ 应在行末"
    assert en == "界址点.txt:7: something stands behind the @ of the parcel line; @ ends the line"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5,1,D1,甲,面,I49,采矿,0602,@", "0602"),
        ("5,1,D1,甲,面,I49,采矿,,@", ""),
        ("5,1,D1,甲,面,I49,采矿,0602 ,@  \t", "0602"),
        ("5,1,D1,甲,面,I49,采矿,,＠", ""),
        ("5,1,D1,甲,面,I49,采矿,,", ""),
    ],
)
def test_the_comma_in_front_of_the_sign_belongs_to_it(text: str, code: str) -> None:
    assert parcel_fields(text, HERE)[0]["地类编码"] == code


def test_without_the_sign_an_empty_field_at_the_end_counts() -> None:
    fields, _ = parcel_fields("5,1,D1,甲,面,I49,采矿,0602,", HERE)
    assert fields["第9项"] == ""
