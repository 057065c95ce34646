"""Content files, read: entries with their lines, what is refused before any model sees it, and refusals of models."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, Field, model_validator

from both_languages import both
from zoning.errors import ContentError
from zoning.mistakes import Mistake
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import MOST_BYTES, MOST_LEVELS, Problem, YamlFile, content_error, load, model_of, validate

PATH = Path("rules/plan/R042.yaml")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.yaml"


def read(path: Path, text: str) -> YamlFile:
    path.write_text(text, encoding="utf-8", newline="")
    return load(path)


def refused(path: Path, text: str) -> tuple[str, str]:
    """Return what is said of a file, without the folder."""
    folder = f"{path.parent.as_posix()}/"
    zh, en = both(lambda: read(path, text), ContentError)
    return zh.replace(folder, ""), en.replace(folder, "")


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", {"a": "no"}),
        ("a: 是", {"a": "是"}),
        ("a: 2007-01-01", {"a": "2007-01-01"}),
        ("a: 0o17", {"a": "0o17"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: .5", {"a": ".5"}),
        ("a: True", {"a": "True"}),
        ("a: None", {"a": "None"}),
        ("a: Null", {"a": "Null"}),
        ("a:", {"a": None}),
        ("a: null", {"a": None}),
        ("a: ~", {"a": None}),
        ('a: ""', {"a": ""}),
        ("a: 'null'", {"a": "null"}),
        ('a: "~"', {"a": "~"}),
        ("a: |\n  null\n", {"a": "null\n"}),
        ("a: [x, , y]", None),
        ("a: [x, ~]", {"a": ["x", None]}),
        ("a: {b: , c: 1}", {"a": {"b": None, "c": "1"}}),
        ("1: a", {"1": "a"}),
        ("yes: a", {"yes": "a"}),
        ("a: 'it''s'", {"a": "it's"}),
        ("a: 河流 # 注释", {"a": "河流"}),
        ("a: >-\n  一\n  二\n", {"a": "一 二"}),
        ("- x\n- y", ["x", "y"]),
        ("x", "x"),
        ("", {}),
        ("# 注释\n", {}),
        ("---\na: 1\n", {"a": "1"}),
        ("\ufeffa: 1", {"a": "1"}),
        ("a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}),
    ],
)
def test_every_scalar_stays_text_and_only_nothing_is_nothing(path: Path, text: str, value: object) -> None:
    if value is None:
        refused(path, text)
    else:
        assert read(path, text).value == value


def test_the_bytes_are_those_of_the_file(path: Path) -> None:
    assert read(path, "\ufeffa: 河\r\n").raw == b"\xef\xbb\xbfa: \xe6\xb2\xb3\r\n"


def test_each_entry_has_its_line_and_others_that_of_the_nearest_above(path: Path) -> None:
    file = read(path, "# 规则\na:\n  - {x: 1,\n     y: 2}\n  - z\nb: |\n  text\n\nc:\n  d:\n    e: 1\n")
    lines = {
        (): 2,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 0, "x"): 3,
        ("a", 0, "y"): 4,
        ("a", 1): 5,
        ("b",): 6,
        ("c",): 9,
        ("c", "d"): 10,
        ("c", "d", "e"): 11,
    }
    assert file.lines == lines
    assert [file.line(key) for key in lines] == list(lines.values())
    assert file.line(("a", 0, "q", "r")) == 3
    assert file.line(("a", 2)) == 2
    assert file.line(("zzz",)) == 2
    assert YamlFile(PATH, {}, {}).line(("a",)) == 1


# --- what is refused ------------------------------------------------------------------------------------------------


def test_something_behind_a_line_of_dashes_is_another_file(path: Path) -> None:
    assert refused(path, "a: 1\n---\nb: 2\n") == (
        "a.yaml:2：从这一行的“---”起是另一份内容；一个文件只写一份内容，请移到另一个文件",
        (
            "a.yaml:2: something else begins at the '---' of this line: one file holds one piece of content, "
            "move it to another file"
        ),
    )


@pytest.mark.parametrize("end", ["...\n", "# ende\n", "\n\n"])
def test_an_end_without_anything_behind_it_is_none(path: Path, end: str) -> None:
    assert read(path, f"a: 1\n{end}").value == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "line"), [("a: &x 1\nb: *x\n", 2), ("a: &x\n  b: 1\nc:\n  - *x\n", 4), ("a: &x {b: *x}\n", 1)]
)
def test_an_alias_is_refused_where_it_stands(path: Path, text: str, line: int) -> None:
    assert refused(path, text) == (
        f"a.yaml:{line}：不支持 YAML 别名（*），请写出全文",
        f"a.yaml:{line}: YAML aliases (*) are not read: write it out",
    )


@pytest.mark.parametrize(("text", "line"), [("a: 1\n[b]: 2\n", 2), ("? {b: 1}\n: 2\n", 1)])
def test_a_key_is_one_word(path: Path, text: str, line: int) -> None:
    assert refused(path, text) == (
        f"a.yaml:{line}：键应为一个词，不能是列表或表",
        f"a.yaml:{line}: a key is one word, no list and no table",
    )


@pytest.mark.parametrize("levels", [MOST_LEVELS, MOST_LEVELS + 1])
def test_content_may_be_nested_forty_levels_deep(path: Path, levels: int) -> None:
    text = "[" * levels + "x" + "]" * levels
    if levels == MOST_LEVELS:
        assert isinstance(read(path, text).value, list)
    else:
        assert refused(path, text) == ("a.yaml:1：嵌套超过 40 层", "a.yaml:1: nested deeper than 40 levels")


def test_a_file_may_have_four_megabytes(path: Path) -> None:
    text = "a: 1\n#"
    assert read(path, text + "x" * (MOST_BYTES - len(text))).value == {"a": "1"}
    assert refused(path, text + "x" * (MOST_BYTES - len(text) + 1)) == (
        "a.yaml:1：文件过大（超过 4 MB），不是配置文件",
        "a.yaml:1: larger than 4 MB: this is no settings file",
    )


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    zh, en = both(lambda: load(tmp_path), ContentError)
    assert zh == f"{tmp_path.as_posix()}:1：无法读取（是文件夹）"
    assert en == f"{tmp_path.as_posix()}:1: cannot be read (Is a directory)"


def test_other_characters_than_utf_8_are_refused_in_both_languages(path: Path) -> None:
    path.write_bytes("a: 河".encode("gb18030"))
    zh, en = both(lambda: load(path), ContentError)
    assert zh.endswith("a.yaml:1：无法读取（不是 UTF-8 编码）；请在编辑器中另存为 UTF-8")
    assert en.endswith("a.yaml:1: cannot be read (not UTF-8): save it as UTF-8 in your editor")


@pytest.mark.parametrize(
    ("text", "line"), [("a: 1\na: 1\n", 2), ("b:\n  a: 1\n  c: 2\n  a: 3\n", 4), ("{a: 1, a: 2}", 1)]
)
def test_a_key_given_twice_is_refused_where_it_comes_again(path: Path, text: str, line: int) -> None:
    assert refused(path, text) == (
        f"a.yaml:{line}：键“a”重复出现；请删去一个",
        f"a.yaml:{line}: the key 'a' stands here twice: delete one of them",
    )


def test_two_repeated_keys_are_two_mistakes(path: Path) -> None:
    zh, _ = refused(path, "a: 1\nb: 2\na: 3\nb: 4\n")
    assert zh.splitlines() == ["a.yaml:3：键“a”重复出现；请删去一个", "a.yaml:4：键“b”重复出现；请删去一个"]


def test_three_repeated_keys_are_a_second_rule_in_one_file(path: Path) -> None:
    one = "title: x\nsays: y\nwhen: z\neffect: w\n"
    assert refused(path, one + one) == (
        "a.yaml:5：从这一行起 title、says、when 等又出现一次；一个文件只写一条规则，请把后一条移到另一个文件",
        (
            "a.yaml:5: from here on title, says, when ... stand here again: one file holds one rule, "
            "move the second one to a file of its own"
        ),
    )


def test_keys_repeated_further_in_are_no_second_rule(path: Path) -> None:
    inner = "  a: 1\n  b: 2\n  c: 3\n"
    zh, _ = refused(path, f"x:\n{inner}{inner}")
    assert [line.split("：")[0] for line in zh.splitlines()] == ["a.yaml:5", "a.yaml:6", "a.yaml:7"]


# --- several mistakes in one error ----------------------------------------------------------------------------------


def test_an_error_lists_problems_in_their_order_without_passwords() -> None:
    problems = [
        Problem(
            Path("/w/layers/a.yaml"), 3, Text("源 postgresql://u:geheim@h/d 不通", "postgresql://u:geheim@h/d is down")
        ),
        Problem(Path("/v/b.yaml"), 1, Text("错", "wrong")),
    ]
    error = content_error(problems, Path("/w"))
    assert error.text == Text(
        "layers/a.yaml:3：源 postgresql://u:***@h/d 不通\n/v/b.yaml:1：错",
        "layers/a.yaml:3: postgresql://u:***@h/d is down\n/v/b.yaml:1: wrong",
    )
    assert content_error(problems[1:]).text.zh == "/v/b.yaml:1：错"


# --- models ---------------------------------------------------------------------------------------------------------


def _limited(value: object) -> object:
    if value == "0 m":
        raise Mistake(Text("距离应大于 0", "a distance is more than 0"))
    return value


class Place(Content):
    """Where a rule holds."""

    layer: str
    classes: tuple[str, ...] = ()
    distance: Annotated[str, BeforeValidator(_limited)] = ""


class Span(Content):
    """Dates."""

    from_: str = Field(alias="from")
    to: str | None = None


class Rule(Content):
    """A small rule."""

    id: str
    title: Text
    in_force: Span | None = None
    where: tuple[Place, ...] | Place = ()
    effect: Literal["prohibit", "restrict"] = "restrict"
    values: dict[str, Span] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _places_differ(self) -> "Rule":
        places = self.where if isinstance(self.where, tuple) else ()
        for number, place in enumerate(places[1:], 1):
            if place in places[:number]:
                raise Mistake(Text("与前面的地点相同", "the same place as above"), ("where", number, "layer"))
        return self


TITLE = "title: {zh: 某, en: x}\n"


def sentences(path: Path, text: str) -> list[str]:
    """Return what is said of a rule in English: `line: sentence`."""
    file = read(path, text)
    _, en = both(lambda: model_of(file, Rule, id="R1"), ContentError)
    return [line.removeprefix(f"{path.as_posix()}:") for line in en.splitlines()]


def test_a_model_gets_what_the_file_does_not_hold(path: Path) -> None:
    rule = model_of(read(path, TITLE + "where: {layer: 水}\nin_force: {from: a}\n"), Rule, id="R1")
    assert (rule.id, rule.title.zh, rule.where, rule.effect) == ("R1", "某", Place(layer="水"), "restrict")
    assert rule.in_force == Span(**{"from": "a"})


@pytest.mark.parametrize("text", ["- a\n", "a\n"])
def test_what_is_no_table_is_no_model(path: Path, text: str) -> None:
    file = read(path, text)
    zh, en = both(lambda: model_of(file, Rule, id="R1"), ContentError)
    assert zh.endswith("a.yaml:1：应为键值表")
    assert en.endswith("a.yaml:1: a table of keys and values is expected")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TITLE + "id: R2\n", None),
        (TITLE + "effect: ban\n", ["2: effect: write prohibit for 'ban'"]),
        ("effect: restrict\n", ["1: 'title' is missing: add it"]),
        ("title: {zh: 某}\n", ["1: title: 'en' is missing: add it"]),
        ("title: {zh: 某, en: x, fr: y}\n", ["1: unknown key 'fr'; allowed: zh, en"]),
        ("tittle: {zh: 某, en: x}\n", ["1: unknown key 'tittle' - did you mean 'title'?"]),
        (
            "zzz: 1\n" + TITLE,
            ["1: unknown key 'zzz'; allowed: title, in_force, where, effect, values"],
        ),
        (TITLE + "in_force:\n  from: a\n  zu: b\n", ["4: unknown key 'zu'; allowed: from, to"]),
        (
            TITLE + "in_force:\nfrom: a\n",
            ["3: 'from' belongs to 'in_force': it stands two spaces further in than 'in_force'"],
        ),
        (
            TITLE + "in_force:\neffect: restrict\nfrom: a\n",
            ["4: unknown key 'from'; allowed: title, in_force, where, effect, values"],
        ),
        (TITLE + "where:\n  - layer: w\n  - classes: [a]\n", ["4: where.1: 'layer' is missing: add it"]),
        (TITLE + "where: {layer: w, clases: [a]}\n", ["2: unknown key 'clases' - did you mean 'classes'?"]),
        (TITLE + "where: {layer: w, distance: 0 m}\n", ["2: where.distance: a distance is more than 0"]),
        (
            TITLE + "where:\n  - {layer: w}\n  - layer: w\n",
            ["4: where.1.layer: the same place as above"],
        ),
        (TITLE + "values:\n  a: {from: 1}\n  b: {to: 2}\n", ["4: values.b: 'from' is missing: add it"]),
        (
            TITLE + "values:\n  a: x\n",
            ["3: values.a: a table such as {from: …, to: …} is expected"],
        ),
        (
            TITLE + "where: water\n",
            ["2: where: a table such as {layer: …, classes: …, distance: …} is expected"],
        ),
        (
            TITLE + "effect:\nin_force: {to: b}\n",
            [
                "2: effect: nothing stands here: fill it in, or delete the key",
                "3: in_force: 'from' is missing: add it",
            ],
        ),
    ],
)  # fmt: skip
def test_each_mistake_has_one_sentence_with_its_line(path: Path, text: str, expected: Sequence[str] | None) -> None:
    if expected is None:
        assert model_of(read(path, text), Rule, id="R1").id == "R1"
    else:
        assert sentences(path, text) == expected


def test_a_part_of_a_file_is_refused_with_its_place_in_the_file(path: Path) -> None:
    file = read(path, "documents:\n  plan:\n    layer: w\n  law:\n    layer: w\n    distance: 0 m\n    x: 1\n")
    inner = file.value["documents"]["law"]
    _, en = both(lambda: validate(file, Place, inner, ("documents", "law")), ContentError)
    assert [line.removeprefix(f"{path.as_posix()}:") for line in en.splitlines()] == [
        "6: distance: a distance is more than 0",
        "7: unknown key 'x'; allowed: layer, classes, distance",
    ]


def test_a_right_part_becomes_its_model() -> None:
    file = YamlFile(PATH, {"a": {"layer": "w"}}, {})
    made: BaseModel = validate(file, Place, {"layer": "w"}, ("a",))
    assert made == Place(layer="w")
