"""Forms of tools: what was chosen becomes options of the command, and nothing that was typed becomes another one."""

import re
from pathlib import Path
from typing import Any

import pytest

from zoning.errors import UsageError
from zoning.texts import Text
from zoning.web.planner.tools import AREA, LEVEL, LONLAT, NUMBER, Field, Given, Kind, Tool, checked

NO_SERVER: Any = None
PLACES = {"140522": Text("阳城县", "Yangcheng"), "140500": Text("晋城市", "Jincheng")}


def one_field(name: str, kind: Kind, **more: Any) -> Field:
    return Field(name, Text("名称", "Name"), kind, **more)


def tool(*fields: Field, more: tuple[str, ...] = ()) -> Tool:
    return Tool("t", Text("工具", "tool"), Text("", ""), fields, lambda _, __: [], more)


def given(field: Field, *told: str) -> Given:
    return checked(NO_SERVER, tool(field), {field.name: told}, {})


def refused(field: Field, *told: str) -> tuple[str, str]:
    with pytest.raises(UsageError) as caught:
        given(field, *told)
    return caught.value.text.zh, caught.value.text.en


PLACE = one_field("territory", "choice", choices=lambda _: PLACES)
SEVERAL = one_field("layer", "choices", choices=lambda _: PLACES)
FLAG = one_field("photos", "flag")
SIZE = one_field("area", "text", pattern=AREA)


@pytest.mark.parametrize(
    ("field", "told", "values"),
    [
        (PLACE, ("140522",), ("140522",)),
        (PLACE, (" 140522 ",), ("140522",)),
        (PLACE, ("140522", "140500"), ("140522",)),
        (PLACE, ("", "140500"), ("140500",)),
        (SEVERAL, ("140522", "140500"), ("140522", "140500")),
        (SEVERAL, ("140500", "", "140522"), ("140500", "140522")),
        (FLAG, ("yes",), ("yes",)),
        (SIZE, ("3.5ha",), ("3.5ha",)),
    ],
)
def test_what_was_chosen_is_taken_in_its_order(field: Field, told: tuple[str, ...], values: tuple[str, ...]) -> None:
    assert given(field, *told) == Given({field.name: values})


@pytest.mark.parametrize("field", [PLACE, SEVERAL, FLAG, SIZE], ids=lambda field: field.kind)
@pytest.mark.parametrize("told", [(), ("",), ("  ", "\t")])
def test_what_was_left_open_is_not_told(field: Field, told: tuple[str, ...]) -> None:
    assert given(field, *told) == Given({})


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (PLACE, ("140523",)),
        (PLACE, ("阳城县",)),
        (PLACE, ("--out=/etc",)),
        (PLACE, ("140522", "140523")),
        (SEVERAL, ("140522", "140523")),
        (FLAG, ("no",)),
        (FLAG, ("YES",)),
        (FLAG, ("true",)),
        (SIZE, ("3.5",)),
        (SIZE, ("3.5ha --out=x",)),
        (one_field("note", "text"), ("anything",)),
    ],
)
def test_what_is_none_of_the_choices_is_refused(field: Field, told: tuple[str, ...]) -> None:
    wrong = told[-1]
    assert refused(field, *told) == (f"名称：“{wrong}”不对", f"Name: '{wrong}' is not possible")


@pytest.mark.parametrize(("size", "shown"), [(40, 40), (41, 40), (4000, 40)])
def test_of_a_long_value_the_beginning_is_told(size: int, shown: int) -> None:
    assert refused(PLACE, "x" * size)[0] == f"名称：“{'x' * shown}”不对"


@pytest.mark.parametrize("kind", ["choice", "choices", "text", "flag", "file"])
@pytest.mark.parametrize("told", [(), ("",), (" ",)])
def test_what_has_to_be_told_is_asked_for(kind: Kind, told: tuple[str, ...]) -> None:
    field = one_field("f", kind, required=True, choices=lambda _: PLACES)
    assert refused(field, *told) == ("请填写：名称", "fill in: Name")


def test_a_field_that_the_tool_does_not_have_is_not_looked_at() -> None:
    found = checked(NO_SERVER, tool(PLACE), {"territory": ["140500"], "out": ["/etc/passwd"]}, {"dem": Path("a.tif")})
    assert found == Given({"territory": ("140500",)})


def test_files_take_the_places_of_the_command_in_the_order_of_the_fields() -> None:
    fields = [one_field(name, "file") for name in ("dem", "before", "after")]
    files = {"after": Path("c.tif"), "dem": Path("a.tif")}
    assert checked(NO_SERVER, tool(*fields), {}, files).files == {"dem": "{0}", "after": "{1}"}


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [("a.tif", True), ("a.TIFF", True), ("地形.Tif", True), ("a.tif.zip", False), ("tif", False), ("a.png", False)],
)
def test_a_file_has_one_of_the_suffixes(name: str, is_taken: bool) -> None:
    field = one_field("dem", "file", suffixes=(".tif", ".tiff"))
    if is_taken:
        assert checked(NO_SERVER, tool(field), {}, {"dem": Path(name)}).has("dem")
    else:
        with pytest.raises(UsageError) as caught:
            checked(NO_SERVER, tool(field), {}, {"dem": Path(name)})
        assert caught.value.text.zh == "名称：文件应为 .tif .tiff"
        assert caught.value.text.en == "Name: the file has to be .tif .tiff"


def test_a_file_of_a_field_without_suffixes_may_be_called_anything() -> None:
    assert checked(NO_SERVER, tool(one_field("f", "file")), {}, {"f": Path("x")}).files == {"f": "{0}"}


def test_options_are_written_with_their_values_so_that_none_becomes_another_option() -> None:
    told = Given({"to": ("pdf", "docx"), "start": ("112.8,35.5",), "design": ("-x",)})
    assert told.options("start", "to", "none") == ["--start=112.8,35.5", "--to=pdf", "--to=docx"]
    assert told.options("design") == ["--design=-x"]
    assert told.options() == []


def test_one_value_and_whether_there_is_any() -> None:
    told = Given({"to": ("pdf", "docx"), "empty": ()}, {"dem": "{0}"})
    assert (told.one("to"), told.one("empty"), told.one("none"), told.one("dem")) == ("pdf", "", "", "")
    assert [told.has(name) for name in ("to", "empty", "none", "dem")] == [True, False, False, True]


def test_more_options_stand_behind_the_first_ones() -> None:
    fields = [one_field(name, "text") for name in ("a", "b", "c")]
    found = tool(*fields, more=("b",))
    assert ([one.name for one in found.first], [one.name for one in found.rest]) == (["a", "c"], ["b"])


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (AREA, "1m2"),
        (AREA, "123456789.123km2"),
        (AREA, "0.5ha"),
        (AREA, "10亩"),
        (AREA, "10公顷"),
        (AREA, "10平方米"),
        (AREA, "7mu"),
        (NUMBER, "0"),
        (NUMBER, "999999.999"),
        (LEVEL, "rim"),
        (LEVEL, "0"),
        (LEVEL, "1234.5"),
        (LONLAT, "112.86,35.50"),
        (LONLAT, "0,0"),
        (LONLAT, "112.123456789,35.123456789"),
    ],
)
def test_what_is_meant_fits_its_pattern(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.fullmatch(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (AREA, ""),
        (AREA, "m2"),
        (AREA, "-1m2"),
        (AREA, "1 m2"),
        (AREA, "1234567890m2"),
        (AREA, "1.1234m2"),
        (AREA, "1.m2"),
        (AREA, "1m2\n"),
        (NUMBER, "1234567"),
        (NUMBER, "-1"),
        (NUMBER, "1e3"),
        (NUMBER, "١"),
        (LEVEL, "Rim"),
        (LEVEL, "12345"),
        (LEVEL, "rim1"),
        (LONLAT, "112.86"),
        (LONLAT, "112.86, 35.50"),
        (LONLAT, "112.86,135.50"),
        (LONLAT, "-112,35"),
        (LONLAT, "112.1234567891,35"),
    ],
)
def test_what_is_written_otherwise_does_not(pattern: re.Pattern[str], text: str) -> None:
    assert not pattern.fullmatch(text)
