"""JSON texts of boundary files: values in a row, encodings, members that stand twice, and how much is allowed."""

from pathlib import Path
from typing import Any

import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.drawing import MalformedError
from zoning.sites.limits import Limits, Options
from zoning.sites.vector.json_text import Loaded, load
from zoning.sites.where import Where

HERE = Where("范围.geojson")


def as_is(item: dict[str, Any]) -> dict[str, Any]:
    return item


def loaded(folder: Path, content: str | bytes, options: Options | None = None) -> Loaded:
    path = folder / "范围.geojson"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(path, HERE, options or Options(), as_is)


def refused(folder: Path, content: str | bytes, options: Options | None = None) -> tuple[str, str]:
    return both(lambda: loaded(folder, content, options), SiteError)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"type": "Point"}', ({"type": "Point"},)),
        ("[1, 2]", ([1, 2],)),
        ("7", (7,)),
        ("null", (None,)),
        ('  \n{"a": 1}\n ', ({"a": 1},)),
        ('{"a": 1}\n{"a": 2}', ({"a": 1}, {"a": 2})),
        ('\x1e{"a": 1}\n\x1e{"a": 2}\n', ({"a": 1}, {"a": 2})),
        ('\x1e \x1e{"a": 1}', ({"a": 1},)),
        ('{"a": 1}{"b": 2}', ({"a": 1}, {"b": 2})),
        ('{"名称": "东区"}', ({"名称": "东区"},)),
    ],
)
def test_one_value_or_one_behind_the_other(tmp_path: Path, text: str, values: tuple[Any, ...]) -> None:
    assert loaded(tmp_path, text).values == values


def test_every_object_is_packed_from_the_inside_out(tmp_path: Path) -> None:
    path = tmp_path / "范围.geojson"
    path.write_text('{"outer": {"inner": {"x": 1}}}', encoding="utf-8")
    seen: list[list[str]] = []

    def pack(item: dict[str, Any]) -> dict[str, Any]:
        seen.append(list(item))
        return {"was": list(item)}

    found = load(path, HERE, Options(), pack)
    assert seen == [["x"], ["inner"], ["outer"]]
    assert found.values == ({"was": ["outer"]},)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("   ", 1, 4),
        ("\x1e", 1, 2),
        ('{"a": ', 1, 7),
        ('{"a": 1,}', 1, 9),
        ('{"a": 1}\n{"a" 2}', 2, 6),
        ("[1, 2", 1, 6),
        ("{'a': 1}", 1, 2),
    ],
)
def test_what_is_cut_off_is_named_by_line_and_column(tmp_path: Path, text: str, line: int, column: int) -> None:
    _, en = refused(tmp_path, text)
    found = en.partition(": the JSON is cut off or wrong at column ")
    place, _, rest = found
    assert place == f"范围.geojson:{line}"
    # Python 3.13 names the comma of a trailing comma, older ones what follows it.
    assert int(rest.partition(";")[0]) in {column, column - 1}


def test_the_sentence_about_a_broken_text(tmp_path: Path) -> None:
    assert refused(tmp_path, "[1, 2") == (
        "范围.geojson:1：JSON 在第 6 列处不完整或有误；请重新导出",
        "范围.geojson:1: the JSON is cut off or wrong at column 6; export it again",
    )


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_words_for_no_number_are_refused(tmp_path: Path, word: str) -> None:
    assert refused(tmp_path, f'{{"x": [1, {word}]}}') == (
        f"范围.geojson：含有 {word}，不是有效数字；请改正",
        f"范围.geojson: it holds {word}, which is no number; correct it",
    )


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 5_000])
def test_nesting_and_numbers_without_end_are_refused(tmp_path: Path, text: str) -> None:
    zh, en = refused(tmp_path, text)
    assert zh == "范围.geojson：JSON 嵌套过深或数字过长；请重新导出"
    assert en == "范围.geojson: the JSON is nested too deeply or a number is too long; export it again"


@pytest.mark.parametrize(
    "name",
    [
        "type",
        "coordinates",
        "geometry",
        "geometries",
        "features",
        "crs",
        "rings",
        "paths",
        "points",
        "spatialReference",
    ],
)
def test_a_structural_member_stands_once(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, f'{{"a": {{"{name}": 1, "b": 2, "{name}": 1}}}}') == (
        f"范围.geojson：同一对象里有两个 “{name}”，不知道以哪个为准；请改正",
        f"范围.geojson: an object holds “{name}” twice, so it is unclear which counts; correct it",
    )


@pytest.mark.parametrize("name", ["名称", "Type", "properties", "id"])
def test_of_other_members_the_last_one_counts(tmp_path: Path, name: str) -> None:
    assert loaded(tmp_path, f'{{"{name}": 1, "{name}": 2}}').values == ({name: 2},)


def test_a_structural_member_may_stand_in_two_objects(tmp_path: Path) -> None:
    assert loaded(tmp_path, '{"type": "a", "x": {"type": "b"}}').values == ({"type": "a", "x": {"type": "b"}},)


def test_what_the_packing_refuses_gets_the_file_in_front(tmp_path: Path) -> None:
    path = tmp_path / "范围.geojson"
    path.write_text("{}", encoding="utf-8")

    def refuse(_: dict[str, Any]) -> dict[str, Any]:
        raise MalformedError("不行", "no")

    assert both(lambda: load(path, HERE, Options(), refuse), SiteError) == ("范围.geojson：不行", "范围.geojson: no")


@pytest.mark.parametrize(
    ("content", "stated", "codec", "said"),
    [
        ('{"名": "东区"}'.encode(), None, "utf-8", ()),
        (b"\xef\xbb\xbf" + '{"名": "东区"}'.encode(), None, "utf-8", ()),
        ('{"名": "东区项目范围"}'.encode("gb18030"), None, "gb18030", ("GBK",)),
        ('{"名": "东区"}'.encode("gb18030"), "gbk", "gb18030", ("GBK",)),
    ],
)
def test_the_encoding_is_recognised_and_told(
    tmp_path: Path, content: bytes, stated: str | None, codec: str, said: tuple[str, ...]
) -> None:
    found = loaded(tmp_path, content, Options(encoding=stated))
    assert found.codec == codec
    assert [text.zh for text in found.warnings] == [
        f"范围.geojson：文字是 {name} 编码（标准规定 UTF-8），已按 {name} 读取" for name in said
    ]
    assert [text.en for text in found.warnings] == [
        f"范围.geojson: its texts are in {name} (the standard says UTF-8); read as {name}" for name in said
    ]
    assert next(iter(found.values[0].values())).startswith("东区")


# Lists, objects, members and commas are counted before anything is parsed; what the limits leave room for is worked out
# beside each case.
SMALL = {"rings": 1, "parts": 1, "records": 1, "vertices": 3, "fields": 4}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        # rings + parts + records = 3 lists beside the 3 vertices.
        ("[" * 7 + "]" * 7, "3 vertices"),
        # 20 objects for each record; the 40th is one too many.
        ("{}" * 40, "1 records"),
        # 20 members for each record beside the 4 fields.
        ("{" + ",".join(f'"a{number}":1' for number in range(25)) + "}", "4 attributes"),
        # 4 commas for each of the 3 vertices beside the 4 fields.
        ("[" + ",".join(["1"] * 21) + "]", "3 vertices"),
    ],
)
def test_more_than_the_limits_leave_room_for(tmp_path: Path, text: str, word: str) -> None:
    _, en = refused(tmp_path, text, Options(limits=Limits(**SMALL)))
    assert f"more than the allowed {word}" in en


@pytest.mark.parametrize(
    "text",
    [
        "[" * 6 + "]" * 6,
        "{}" * 39,
        "{" + ",".join(f'"a{number}":1' for number in range(20)) + "}",
        "[" + ",".join(["1"] * 20) + "]",
    ],
)
def test_as_much_as_the_limits_leave_room_for(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text, Options(limits=Limits(**SMALL))).values


def test_what_is_counted_beforehand_is_not_counted_for_the_file(tmp_path: Path) -> None:
    options = Options()
    loaded(tmp_path, '{"coordinates": [[1, 2], [3, 4]]}', options)
    tally = options.tally
    assert (tally.records, tally.vertices, tally.fields) == (0, 0, 0)
