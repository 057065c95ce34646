"""What an author of content is told about a key that does not belong where it stands."""

import pytest

from zoning.texts import Text
from zoning.yaml_wording import indented_too_little, unknown_key

KEYS = ("title", "says", "citation", "in_force", "where", "when", "effect", "provisos", "note")


@pytest.mark.parametrize(
    ("key", "allowed", "name"),
    [
        ("标题", ("title",), "title"),
        ("名称", ("title", "name"), "title"),
        ("名称", ("name", "id"), "name"),
        ("内容", ("says",), "says"),
        ("规定", ("says",), "says"),
        ("依据", ("citation",), "citation"),
        ("出处", ("source",), "source"),
        ("引用", ("citation",), "citation"),
        ("章节", ("section",), "section"),
        ("条款", ("section",), "section"),
        ("行号", ("lines",), "lines"),
        ("辖区", ("territories",), "territories"),
        ("地区", ("territory",), "territory"),
        ("有效期", ("in_force",), "in_force"),
        ("生效", ("from", "to"), "from"),
        ("生效", ("valid_from",), "valid_from"),
        ("生效日", ("valid_from",), "valid_from"),
        ("失效", ("to",), "to"),
        ("失效日", ("valid_to",), "valid_to"),
        ("适用范围", ("scope",), "scope"),
        ("范围", ("where",), "where"),
        ("地点", ("where",), "where"),
        ("图层", ("layers",), "layers"),
        ("类别", ("classes",), "classes"),
        ("级别", ("classes",), "classes"),
        ("距离", ("distance",), "distance"),
        ("面积", ("area",), "area"),
        ("条件", ("condition",), "condition"),
        ("效力", KEYS, "effect"),
        ("效果", KEYS, "effect"),
        ("但书", KEYS, "provisos"),
        ("例外", KEYS, "provisos"),
        ("附条件", ("condition",), "condition"),
        ("参数", ("values",), "values"),
        ("备注", KEYS, "note"),
        ("说明", KEYS, "note"),
        ("文号", ("number",), "number"),
        ("发文机关", ("issuer",), "issuer"),
        ("日期", ("issued",), "issued"),
        ("事实", ("facts",), "facts"),
        ("结果", ("expect",), "expect"),
        ("中文", ("zh", "en"), "zh"),
        ("英文", ("zh", "en"), "en"),
        ("in force", KEYS, "in_force"),
    ],
)
def test_a_key_in_other_words_is_answered_by_the_key(key: str, allowed: tuple[str, ...], name: str) -> None:
    assert unknown_key(key, "x", allowed) == (
        Text(f"键“{key}”请写 {name}", f"write {name} for the key '{key}'"),
        name,
    )


@pytest.mark.parametrize(
    ("key", "written"),
    [("effect：禁止", "effect: 禁止"), ("effect：", "effect: …"), (" effect ： x ", "effect: x")],
)
def test_a_key_with_a_wide_colon_is_written_out(key: str, written: str) -> None:
    text, meant = unknown_key(key, None, KEYS)
    assert (text.zh, text.en) == (
        f"键后应为半角冒号加空格：写成“{written}”",
        f"a key is followed by a plain colon and a space: write '{written}'",
    )
    assert meant == "effect"


def test_a_key_without_the_space_after_its_colon_is_written_out() -> None:
    assert unknown_key("effect:restrict", None, KEYS) == (
        Text("冒号后须有空格：写成“effect: restrict”", "a space belongs after the colon: write 'effect: restrict'"),
        "effect",
    )


def test_a_colon_behind_what_is_no_key_is_no_such_mistake() -> None:
    text, meant = unknown_key("zzz:1", "x", KEYS)
    assert (
        text.en == "unknown key 'zzz:1'; allowed: title, says, citation, in_force, where, when, effect, provisos, note"
    )
    assert meant is None


def test_a_misspelt_key_is_told_the_near_one() -> None:
    assert unknown_key("effcet", "x", iter(KEYS)) == (
        Text("不认识的键“effcet”；是否想写“effect”？", "unknown key 'effcet' - did you mean 'effect'?"),
        "effect",
    )


@pytest.mark.parametrize(("key", "value"), [("建设项目", None), ("no new buildings", "x"), ("effect of it", None)])
def test_a_piece_of_a_sentence_that_a_comma_cut_off_is_recognized(key: str, value: object) -> None:
    text, meant = unknown_key(key, value, KEYS)
    assert text.zh == f"“{key}”不是键：{{ }} 里的句子含有逗号，请给整句加上英文双引号"
    assert text.en == (
        f"'{key}' is no key: a sentence inside {{ }} holds a comma; put the whole sentence between double quotes"
    )
    assert meant is None


def test_any_other_key_is_told_those_that_may_stand_there() -> None:
    assert unknown_key("zzz", "x", ("zh", "en")) == (
        Text("不认识的键“zzz”；可用：zh, en", "unknown key 'zzz'; allowed: zh, en"),
        None,
    )


def test_a_key_of_the_next_level_is_to_be_indented() -> None:
    assert indented_too_little("from", "in_force") == Text(
        "“from”属于 in_force，应比 in_force 多缩进两个空格",
        "'from' belongs to 'in_force': it stands two spaces further in than 'in_force'",
    )
