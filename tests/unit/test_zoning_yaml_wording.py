"""What an author of content is told about a value or a word that cannot be meant."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from zoning.texts import Text
from zoning.yaml_wording import FORMS, no_number, refusal


class Colour(BaseModel):
    """Something with two keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fill: str
    width: float


def refused(annotation: Any, value: object) -> list[Any]:
    """Return what pydantic says of a value."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(annotation).validate_python(value)
    return list(caught.value.errors())


def said(annotation: Any, value: object, keys: Sequence[str] = ()) -> Text:
    return refusal(refused(annotation, value), keys)


# --- nothing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("annotation", [str, float, date, bool, list[str], dict[str, str], Colour, Literal["a"]])
def test_an_empty_value_is_to_be_filled_in_whatever_belongs_there(annotation: Any) -> None:
    assert said(annotation, None) == Text(
        "没有写内容；请补上，或删去这个键", "nothing stands here: fill it in, or delete the key"
    )


def test_an_empty_list_needs_one_entry() -> None:
    assert said(Annotated[list[str], Field(min_length=1)], []) == Text(
        "没有写内容；至少写一项", "nothing stands here: write at least one entry"
    )


# --- words ----------------------------------------------------------------------------------------------------------

EFFECT = Literal["prohibit", "restrict", "require", "encourage"]
SCOPE = Literal["zone", "attribute", "baseline"]
OUTCOME = Literal["applies", "does_not_apply", "undetermined", "not in force"]
WEIGHT = Literal["plan", "scheme", "policy", "regulation", "law"]
KIND = Literal["choice", "choices", "yes_no", "number", "code"]
RELATION = Literal["overlaps", "within", "inside", "outside", "touches"]
GROUP = Literal["protection", "agriculture", "town", "control", "risk", "base"]
NO_DATA = Literal["no data"]


@pytest.mark.parametrize(
    ("annotation", "chinese", "word"),
    [
        (EFFECT, "禁止", "prohibit"),
        (EFFECT, "forbid", "prohibit"),
        (EFFECT, "ban", "prohibit"),
        (EFFECT, "限制", "restrict"),
        (EFFECT, "limit", "restrict"),
        (EFFECT, "要求", "require"),
        (EFFECT, "应当", "require"),
        (EFFECT, "鼓励", "encourage"),
        (SCOPE, "地点", "zone"),
        (SCOPE, "分区", "zone"),
        (SCOPE, "分区规则", "zone"),
        (SCOPE, "事实", "attribute"),
        (SCOPE, "属性", "attribute"),
        (SCOPE, "属性规则", "attribute"),
        (SCOPE, "提示", "baseline"),
        (SCOPE, "普遍要求", "baseline"),
        (OUTCOME, "适用", "applies"),
        (OUTCOME, "不适用", "does_not_apply"),
        (OUTCOME, "无法判定", "undetermined"),
        (OUTCOME, "待补充", "undetermined"),
        (OUTCOME, "未生效", "not in force"),
        (WEIGHT, "法律", "law"),
        (WEIGHT, "法规", "regulation"),
        (WEIGHT, "行政法规", "regulation"),
        (WEIGHT, "规章", "regulation"),
        (WEIGHT, "规划", "plan"),
        (WEIGHT, "计划", "plan"),
        (WEIGHT, "方案", "scheme"),
        (WEIGHT, "政策", "policy"),
        (WEIGHT, "规范性文件", "policy"),
        (KIND, "单选", "choice"),
        (KIND, "多选", "choices"),
        (KIND, "是否", "yes_no"),
        (KIND, "数值", "number"),
        (KIND, "数字", "number"),
        (KIND, "代码", "code"),
        (RELATION, "重叠", "overlaps"),
        (RELATION, "涉及", "overlaps"),
        (RELATION, "以内", "within"),
        (RELATION, "之内", "within"),
        (RELATION, "区内", "inside"),
        (RELATION, "区外", "outside"),
        (RELATION, "之外", "outside"),
        (RELATION, "相接", "touches"),
        (GROUP, "保护", "protection"),
        (GROUP, "农业", "agriculture"),
        (GROUP, "城镇", "town"),
        (GROUP, "管控", "control"),
        (GROUP, "风险", "risk"),
        (GROUP, "现状", "base"),
        (NO_DATA, "无数据", "no data"),
        (NO_DATA, "数据缺失", "no data"),
        (Literal["polygon", "line"], "面", "polygon"),
        (Literal["polygon", "line"], "线", "line"),
        (Literal["certain", "possible"], "确定", "certain"),
        (Literal["certain", "possible"], "可能", "possible"),
        (Literal["none", "restrict"], "解除", "none"),
        (Literal["none", "restrict"], "取消", "none"),
        (Literal["none", "restrict"], "不适用", "none"),
        (Literal["none", "cross"], "无", "none"),
    ],
)
def test_a_chinese_word_is_answered_by_the_word_of_content(annotation: Any, chinese: str, word: str) -> None:
    assert said(annotation, chinese) == Text(f"“{chinese}”请写 {word}", f"write {word} for '{chinese}'")


def test_a_chinese_word_whose_word_has_no_place_here_is_like_any_other() -> None:
    assert said(SCOPE, "禁止") == Text(
        "“禁止”不在可用的词之中：zone、attribute、baseline", "'禁止' is not one of 'zone', 'attribute' or 'baseline'"
    )


def test_of_two_words_the_one_that_may_stand_here_is_asked_for() -> None:
    assert said(Literal["inside", "outside"], "之内").en == "write inside for '之内'"


@pytest.mark.parametrize(
    ("annotation", "found", "zh", "en"),
    [
        (Literal["dots"], "waves", "“waves”不在可用的词之中：dots", "'waves' is not one of 'dots'"),
        (Literal["a", "b"], "z", "“z”不在可用的词之中：a、b", "'z' is not one of 'a' or 'b'"),
        (
            EFFECT,
            "prohibits",
            "“prohibits”不在可用的词之中：prohibit、restrict、require、encourage；是否想写“prohibit”？",
            "'prohibits' is not one of 'prohibit', 'restrict', 'require' or 'encourage' - did you mean 'prohibit'?",
        ),
    ],
)
def test_an_unknown_word_is_shown_with_those_that_may_be_written(annotation: Any, found: str, zh: str, en: str) -> None:
    assert said(annotation, found) == Text(zh, en)


def test_words_of_several_forms_are_listed_once() -> None:
    assert said(Literal["a", "b"] | list[Literal["b", "c"]], "z").zh.startswith("“z”不在可用的词之中：a、b")
    doubled = [*refused(Literal["a", "b"], "z"), *refused(Literal["b", "c"], "z")]
    assert refusal(doubled).en == "'z' is not one of 'a', 'b' or 'c'"


# --- forms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "found", "zh", "en"),
    [
        (dict[str, str], "x", "应为键值表", "a table of keys and values is expected"),
        (list[str], "x", '应为列表，如 [a, b]；请写 ["x"]', 'a list such as [a, b] is expected; write ["x"]'),
        (
            tuple[str, ...],
            "x",
            '应为列表，如 [a, b]；请写 ["x"]',
            'a list such as [a, b] is expected; write ["x"]',
        ),
        (list[str], {}, "应为列表，如 [a, b]", "a list such as [a, b] is expected"),
        (
            list[str],
            "-x",
            "应为列表，如 [a, b]；列表的“-”之后须有空格",
            "a list such as [a, b] is expected; a space belongs after the '-' of a list",
        ),
        (
            dict[str, str],
            "title：某",
            "应为键值表；键后应为半角冒号加空格",
            "a table of keys and values is expected; a key is followed by a plain colon and a space",
        ),
        (
            str,
            ["x"],
            "应为一段文字；文字里有 [ ] { } 时，请给整句加上英文双引号",
            "a text is expected; where a text holds [ ] { }, put the whole sentence between double quotes",
        ),
        (float, [], "应为数字", "a number is expected"),
        (date, [], "应为日期，如 2023-07-04", "a date such as 2023-07-04 is expected"),
        (int, {}, "应为整数", "a whole number is expected"),
        (bool, [], "应为yes 或 no", "yes or no is expected"),
    ],
)
def test_another_form_is_named_with_what_to_write(annotation: Any, found: object, zh: str, en: str) -> None:
    assert said(annotation, found) == Text(zh, en)


def test_a_text_in_two_languages_is_shown_as_it_is_written() -> None:
    assert said(Text, "河流") == Text(
        "应为中英文两段文字，写成 {zh: …, en: …}", "a text in two languages such as {zh: ..., en: ...} is expected"
    )
    assert said(Text, "河流", keys=("zh", "en")).zh == "应为中英文两段文字，写成 {zh: …, en: …}"


def test_several_forms_are_alternatives_each_named_once() -> None:
    assert said(dict[str, str] | list[str] | tuple[int, ...], 5) == Text(
        "应为键值表或列表，如 [a, b]", "a table of keys and values or a list such as [a, b] is expected"
    )
    assert said(str | list[str], 5).zh == "应为一段文字或列表，如 [a, b]"


@pytest.mark.parametrize(
    ("keys", "listed"),
    [
        (["layer"], "layer: …"),
        (["layer", "classes", "relation"], "layer: …, classes: …, relation: …"),
        (["layer", "classes", "relation", "distance"], "layer: …, classes: …, relation: …"),
    ],
)
def test_where_a_table_belongs_its_first_keys_are_shown(keys: list[str], listed: str) -> None:
    assert said(Colour, "water", keys) == Text(
        f"应为键值表，如 {{{listed}}}", f"a table such as {{{listed}}} is expected"
    )


def test_keys_are_shown_to_a_text_alone_and_its_colon_is_told() -> None:
    assert said(Colour, ["water"], ["fill", "width"]).en == "a table of keys and values is expected"
    assert said(Colour, "fill：x", ["fill"]).zh == "应为键值表，如 {fill: …}；键后应为半角冒号加空格"


def test_every_kind_that_says_form_has_its_sentence() -> None:
    kinds = {"string_type", "dataclass_type", "tuple_type", "list_type", "dict_type", "model_type", "date_type"}
    assert kinds < FORMS
    assert not FORMS & {"missing", "literal_error", "value_error", "date_parsing", "float_parsing", "too_short"}


# --- days -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "day"),
    [
        ("2023年7月4日", "2023-07-04"),
        ("2023/7/4", "2023-07-04"),
        ("2023.07.04", "2023-07-04"),
        ("2023-7-4", "2023-07-04"),
        ("２０２３－０７－０４", "2023-07-04"),
        ("自2023年7月4日起", "2023-07-04"),
        ("20230704", "2023-07-04"),
        ("2024年2月29日", "2024-02-29"),
        ("2023年12月31日", "2023-12-31"),
    ],
)
def test_a_day_in_other_words_is_answered_by_the_day(found: str, day: str) -> None:
    problem = [{"type": "date_parsing", "input": found, "ctx": {}}]
    assert refusal(problem) == Text(
        f"“{found}”不是日期的写法；请写 {day}", f"'{found}' is not how a date is written; write {day}"
    )


@pytest.mark.parametrize("found", ["2023-02-29", "2023年13月1日", "2023-04-31", "20230230", "2023年0月1日"])
def test_a_day_that_there_is_not_is_never_guessed(found: str) -> None:
    assert said(date, found) == Text(
        f"“{found}”：没有这一天；请核对年、月、日", f"'{found}': there is no such day; check year, month and day"
    )


@pytest.mark.parametrize("found", ["明年", "2023", "2023年7月", "23-7-4", "2023-07-04 2024", "", "7/4/2023"])
def test_what_is_no_day_is_shown_how_a_day_is_written(found: str) -> None:
    problem = [{"type": "date_parsing", "input": found}]
    assert refusal(problem) == Text(
        f"“{found}”不是日期；写成 年-月-日，如 2023-07-04", f"'{found}' is no date; write it like 2023-07-04"
    )


# --- numbers and answers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "number"),
    [
        ("20%", "20"),
        ("35.5 度", "35.5"),
        ("３５.５", "35.5"),
        ("约 12", "12"),
        ("-5°C", "-5"),
        ("≥20", "20"),
        (" 7 ", "7"),
        ("0.5 m", "0.5"),
    ],
)
def test_a_number_with_something_around_it_is_asked_for_alone(found: str, number: str) -> None:
    assert no_number(found) == Text(
        f"“{found}”：这里只写半角数字 {number}", f"'{found}': write only the number {number}"
    )


@pytest.mark.parametrize("found", ["二十", "", "3 和 5", "1,000", "1.2.3", "m", "12 m2", "--5"])
def test_of_what_holds_no_one_number_none_is_proposed(found: str) -> None:
    assert no_number(found) == Text(
        f"“{found}”不是数字；写半角数字，如 35.5", f"'{found}' is no number; write one such as 35.5"
    )


@pytest.mark.parametrize("annotation", [float, int])
def test_numbers_of_content_are_refused_in_these_words(annotation: Any) -> None:
    assert said(annotation, "35.5 度").en == "'35.5 度': write only the number 35.5"


def test_what_is_infinite_is_no_number() -> None:
    annotation = Annotated[float, Field(allow_inf_nan=False)]
    assert said(annotation, "inf").zh == "“inf”不是数字；写半角数字，如 35.5"


@pytest.mark.parametrize(
    ("found", "word"),
    [(word, "yes") for word in "是有真对"] + [(word, "no") for word in ("否", "无", "没有", "假", "不")],
)
def test_an_answer_in_chinese_has_its_word(found: str, word: str) -> None:
    assert said(bool, found) == Text(f"“{found}”请写 {word}", f"write {word} for '{found}'")


def test_an_answer_that_is_neither_is_not_taken_for_no() -> None:
    assert said(bool, "可能") == Text("“可能”应为 yes 或 no", "'可能': write yes or no")


@pytest.mark.parametrize(
    ("bound", "found", "zh", "en"),
    [
        ({"gt": 0}, "0", "“0”超出范围；应大于 0", "'0' is out of range: more than 0"),
        ({"ge": 0}, "-0.1", "“-0.1”超出范围；应不小于 0", "'-0.1' is out of range: at least 0"),
        ({"lt": 90.5}, "90.5", "“90.5”超出范围；应小于 90.5", "'90.5' is out of range: less than 90.5"),
        ({"le": 1}, "2", "“2”超出范围；应不大于 1", "'2' is out of range: at most 1"),
    ],
)
def test_a_number_out_of_range_is_told_the_limit(bound: dict[str, Any], found: str, zh: str, en: str) -> None:
    assert said(Annotated[float, Field(**bound)], found) == Text(zh, en)


@pytest.mark.parametrize(
    ("pattern", "found", "zh", "en"),
    [
        (
            "^#[0-9A-F]{6}$",
            "red",
            "“red”不是颜色；写 # 加六位数字或大写字母 A–F，如 #2F6DB5",
            "'red' is no colour; write # and six digits or capitals A-F, such as #2F6DB5",
        ),
        ("^[0-9]{6}$", "甲", "“甲”不合格式 ^[0-9]{6}$", "'甲' does not fit the pattern ^[0-9]{6}$"),
    ],
)
def test_a_text_that_does_not_fit_is_told_the_form(pattern: str, found: str, zh: str, en: str) -> None:
    assert said(Annotated[str, Field(pattern=pattern)], found) == Text(zh, en)


def test_a_refusal_without_a_sentence_of_its_own_is_said_with_its_reason() -> None:
    assert refusal([{"type": "value_error", "input": "甲", "ctx": {"error": ValueError("two rings")}}]) == Text(
        "“甲”不能写在这里（two rings）", "甲 cannot stand here (two rings)"
    )
    assert refusal([{"type": "unheard_of", "input": 5}]) == Text(
        "不能写在这里（unheard_of）", "this cannot stand here (unheard_of)"
    )
