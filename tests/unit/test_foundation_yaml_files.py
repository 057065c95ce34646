"""Strict YAML: every mistake with file, line and the word that was meant."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from zoning.errors import ContentError
from zoning.texts import Text
from zoning.yaml_files import Mistake, Problem, content_error, load, read_model

Write = Callable[[str], Path]


class Colour(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    fill: str
    hatch: Literal["none", "cross", "dots"] = "none"


class Style(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: Text
    opacity: float = 1.0
    classes: dict[str, Colour] = {}

    @field_validator("opacity")
    @classmethod
    def _share(cls, value: float) -> float:
        if not 0 <= value <= 1:
            raise Mistake(Text("应为 0 到 1 的比例", "write a share from 0 to 1"))
        return value


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str) -> Path:
        path = tmp_path / "rivers.yaml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return _write


def _sentences(path: Path, *, zh: bool = False) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_model(path, Style, id=path.stem)
    text = caught.value.get("zh" if zh else "en")
    return [line.replace(f"{path.parent.as_posix()}/", "") for line in text.splitlines()]


def test_a_right_file_becomes_a_model(write: Write) -> None:
    path = write("""\
        title: {zh: 河流, en: rivers}
        opacity: 0.5
        classes:
          fen: {fill: "#2F6DB5", hatch: cross}
        """)
    style = read_model(path, Style, id="rivers")
    assert style.title == Text("河流", "rivers")
    assert (style.id, style.opacity, style.classes["fen"].hatch) == ("rivers", 0.5, "cross")


def test_words_stay_words(write: Write) -> None:
    file = load(write("a: no\nb: 2007-01-01\nc: 0123\nd: ~\ne:\nf: 'null'\ng: [yes, 1.0]\n"))
    assert file.value == {
        "a": "no",
        "b": "2007-01-01",
        "c": "0123",
        "d": None,
        "e": None,
        "f": "null",
        "g": ["yes", "1.0"],
    }


def test_an_empty_file_is_an_empty_table(write: Write) -> None:
    assert load(write("# nothing yet\n")).value == {}


def test_every_entry_knows_its_line(write: Write) -> None:
    file = load(write("a:\n  b:\n    - x\n    - y\nc: 1\n"))
    assert [file.line(key) for key in (("a",), ("a", "b"), ("a", "b", 1), ("c",))] == [1, 2, 4, 5]
    assert file.line(("a", "b", "missing")) == 2
    assert file.line(("nowhere",)) == 1


def test_a_misspelt_key_is_named_with_the_near_one(write: Write) -> None:
    path = write("""\
        title: {zh: 河流, en: rivers}
        opacty: 0.5
        """)
    assert _sentences(path) == ["rivers.yaml:2: unknown key 'opacty' - did you mean 'opacity'?"]
    assert _sentences(path, zh=True) == ["rivers.yaml:2：不认识的键“opacty”；是否想写“opacity”？"]


def test_a_misspelt_key_further_down_is_named_with_the_near_one(write: Write) -> None:
    path = write("""\
        title: {zh: 河流, en: rivers}
        classes:
          fen: {fill: "#2F6DB5", hach: cross}
        """)
    assert _sentences(path) == ["rivers.yaml:3: unknown key 'hach' - did you mean 'hatch'?"]


def test_a_key_like_no_other_is_named_with_those_of_the_file(write: Write) -> None:
    path = write("title: {zh: 河流, en: rivers}\nzzz: 1\n")
    assert _sentences(path) == ["rivers.yaml:2: unknown key 'zzz'; allowed: title, opacity, classes"]


def test_an_unknown_word_is_named_with_the_allowed_ones(write: Write) -> None:
    path = write("""\
        title: {zh: 河流, en: rivers}
        classes:
          fen: {fill: "#2F6DB5", hatch: cros}
        """)
    assert _sentences(path) == [
        "rivers.yaml:3: classes.fen.hatch: 'cros' is not one of 'none', 'cross' or 'dots' - did you mean 'cross'?"
    ]


def test_a_missing_key_is_named_with_its_place(write: Write) -> None:
    path = write("title: {zh: 河流, en: rivers}\nclasses:\n  fen: {hatch: none}\n")
    assert _sentences(path) == ["rivers.yaml:3: classes.fen: 'fill' is missing: add it"]
    assert _sentences(path, zh=True) == ["rivers.yaml:3：classes.fen：缺少“fill”，请补上"]


def test_a_value_out_of_range_is_shown(write: Write) -> None:
    path = write("title: {zh: 河流, en: rivers}\nopacity: 1.5\n")
    assert _sentences(path) == ["rivers.yaml:2: opacity: write a share from 0 to 1"]
    assert _sentences(path, zh=True) == ["rivers.yaml:2：opacity：应为 0 到 1 的比例"]


def test_all_mistakes_of_a_file_are_named_at_once(write: Write) -> None:
    path = write("title: {zh: 河流}\nopacity: much\nzzz: 1\n")
    assert [sentence.split(":")[1] for sentence in _sentences(path)] == ["1", "2", "3"]


def test_a_key_given_twice_is_refused(write: Write) -> None:
    path = write("title: {zh: 河流, en: rivers}\nopacity: 1\nopacity: 0\n")
    assert _sentences(path) == ["rivers.yaml:3: the key 'opacity' stands here twice: delete one of them"]


def test_a_list_where_a_table_belongs_is_refused(write: Write) -> None:
    assert _sentences(write("- title\n")) == ["rivers.yaml:1: a table of keys and values is expected"]


def test_broken_yaml_is_named_with_its_line(write: Write) -> None:
    (sentence,) = _sentences(write("title: {zh: 河流\nopacity: 1\n"))
    assert sentence == "rivers.yaml:1: '{' has no '}': add it at the end of this entry"


def test_a_file_in_another_encoding_is_refused(write: Write) -> None:
    path = write("")
    path.write_bytes("title: 河流".encode("gbk"))
    assert _sentences(path) == ["rivers.yaml:1: cannot be read (not UTF-8): save it as UTF-8 in your editor"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere\.yaml:1: cannot be read \(No such file or directory\)$"):
        load(tmp_path / "nowhere.yaml")


def test_paths_are_shown_relative_to_the_workspace(tmp_path: Path) -> None:
    problem = Problem(tmp_path / "styles" / "rivers.yaml", 7, Text("错", "wrong"))
    error = content_error([problem], tmp_path)
    assert (error.get("zh"), error.get("en")) == ("styles/rivers.yaml:7：错", "styles/rivers.yaml:7: wrong")
