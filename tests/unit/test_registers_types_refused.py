"""What a register type may not say: each mistake with its place in the file and its sentence in both languages."""

from typing import Any

import pytest
from pydantic import ValidationError

from register_world import pits, text
from zoning.mistakes import Mistake
from zoning.registers.types import SQUARE_METRES, AsLayer, Deadline, FieldSpec, RegisterType

CODES = {"A": {"title": text("class A")}, "B": {"title": text("class B")}}


def mistake_of(model: Any, stated: dict[str, Any]) -> Mistake:
    """Return the one mistake of a description."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(stated)
    (error,) = caught.value.errors()
    found = error["ctx"]["error"]
    assert isinstance(found, Mistake)
    return found


def said_of(model: Any, stated: dict[str, Any]) -> tuple[tuple[str | int, ...], str, str]:
    """Return place and sentences of the one mistake of a description."""
    found = mistake_of(model, stated)
    return found.at, found.text.zh, found.text.en


def field(kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"title": text("field"), "kind": kind, **more}


def described(**changes: Any) -> dict[str, Any]:
    """Return what the made-up type says, as its file would say it, with changes."""
    return pits().model_dump(mode="json", by_alias=True) | changes


def fields_with(**more: Any) -> dict[str, Any]:
    """Return the fields of the made-up type with others."""
    found: dict[str, Any] = described()["fields"]
    return found | more


@pytest.mark.parametrize(
    ("stated", "at"),
    [
        (field("code"), ()),
        (field("codes"), ()),
        (field("text", codes=CODES), ("codes",)),
        (field("number", codes=CODES), ("codes",)),
        (field("flag", codes=CODES), ("codes",)),
    ],
)
def test_a_list_of_codes_belongs_to_code_fields_and_to_no_other(stated: dict[str, Any], at: tuple[str, ...]) -> None:
    assert said_of(FieldSpec, stated) == (
        at,
        "代码表 codes 只用于、且必须用于 kind: code 或 codes",
        "'codes' belongs to kind: code or codes",
    )


@pytest.mark.parametrize("kind", ["text", "date", "flag", "code", "codes"])
@pytest.mark.parametrize(("name", "value"), [("minimum", 0), ("maximum", 7), ("unit", "ha")])
def test_limits_and_units_belong_to_numbers(kind: str, name: str, value: Any) -> None:
    codes = {"codes": CODES} if kind in {"code", "codes"} else {}
    assert said_of(FieldSpec, field(kind, **codes, **{name: value})) == (
        (name,),
        f"{name} 只用于 kind: number 或 integer",
        f"'{name}' belongs to kind: number or integer",
    )


@pytest.mark.parametrize("kind", ["number", "integer"])
@pytest.mark.parametrize("limits", [{"minimum": 3, "maximum": 3}, {"minimum": 0}, {"maximum": 0}, {"unit": "km²"}, {}])
def test_a_number_may_have_either_limit_or_both_the_same(kind: str, limits: dict[str, Any]) -> None:
    found = FieldSpec.model_validate(field(kind, **limits))
    assert (found.minimum, found.maximum, found.unit) == (
        limits.get("minimum"),
        limits.get("maximum"),
        limits.get("unit", ""),
    )


def test_a_minimum_above_the_maximum_is_no_range() -> None:
    assert said_of(FieldSpec, field("number", minimum=3.5, maximum=3)) == (
        ("minimum",),
        "最小值 3.5 大于最大值 3",
        "minimum 3.5 is above maximum 3",
    )


@pytest.mark.parametrize(
    ("codes", "at", "zh", "en"),
    [
        (
            {"1": {"title": text("pit")}, "2": {"title": text("pit")}},
            ("codes", "2"),
            "“pit”同时指代码 1 和 2；请只留一个",
            "'pit' means both code 1 and 2: leave it with one",
        ),
        (
            {"1": {"title": text("one")}, "2": {"title": text("two"), "aliases": ["one"]}},
            ("codes", "2"),
            "“one”同时指代码 1 和 2；请只留一个",
            "'one' means both code 1 and 2: leave it with one",
        ),
        (  # The title of the first is the code of the second: whoever writes 2 may mean either.
            {"1": {"title": text("2")}, "2": {"title": text("two")}},
            ("codes", "1"),
            "“2”同时指代码 2 和 1；请只留一个",
            "'2' means both code 2 and 1: leave it with one",
        ),
        (
            {"1": {"title": {"zh": "坑", "en": "pit"}}, "2": {"title": {"zh": "坑", "en": "hollow"}}},
            ("codes", "2"),
            "“坑”同时指代码 1 和 2；请只留一个",
            "'坑' means both code 1 and 2: leave it with one",
        ),
    ],
)
def test_a_word_means_one_code_only(codes: dict[str, Any], at: tuple[str, ...], zh: str, en: str) -> None:
    assert said_of(FieldSpec, field("code", codes=codes)) == (at, zh, en)


def test_a_code_may_have_its_own_words_several_times() -> None:
    found = FieldSpec.model_validate(field("code", codes={"1": {"title": text("1"), "aliases": ["1", "one", "one"]}}))
    assert found.codes["1"].aliases == ("1", "one", "one")


DEADLINE = {"title": text("done"), "reach": "done"}
ONE_DATE = (
    "by（日期）和 days_after（某状态之后的天数）须写一个，且只写一个",
    "write either 'by' (a date) or 'days_after' (days after a state)",
)


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({}, ()),
        ({"days_after": {}}, ()),
        ({"by": "2026-12-31", "days_after": {"works": 30}}, ("by",)),
    ],
)
def test_a_deadline_has_a_date_or_days_and_not_both(more: dict[str, Any], at: tuple[str, ...]) -> None:
    assert said_of(Deadline, DEADLINE | more) == (at, *ONE_DATE)


def test_a_deadline_holds_in_the_whole_country_and_warns_ninety_days_ahead() -> None:
    found = Deadline.model_validate(DEADLINE | {"by": "2026-12-31"})
    assert (found.territories, found.warn_days, found.values, found.citation) == (("CN",), 90, {}, None)


def test_nothing_of_the_made_up_type_is_a_mistake() -> None:
    assert RegisterType.model_validate(described()) == pits()


RESERVED = "state, since, version, fid, ogc_fid, geom, geometry, wkt"


@pytest.mark.parametrize(
    "name",
    [
        "2ND", "_NO", "编号", "A-B", "A B", "A" * 31, "",
        "state", "State", "SINCE", "version", "fid", "OGC_FID", "Geom", "geometry", "WKT",
    ],
)  # fmt: skip
def test_a_name_that_files_cannot_hold_or_have_taken_is_refused(name: str) -> None:
    assert said_of(RegisterType, described(fields=fields_with(**{name: field()}))) == (
        ("fields", name),
        f"“{name}”不能作字段名：以字母开头，只用字母、数字和下划线，最多 30 个；保留：{RESERVED}",
        f"'{name}' is no name of a field: a letter, then letters, digits, underscores, 30 at most; taken: {RESERVED}",
    )


@pytest.mark.parametrize("name", ["A", "z9_", "A" * 30, "stated", "wkt2", "geo"])
def test_a_plain_name_is_taken(name: str) -> None:
    assert name in RegisterType.model_validate(described(fields=fields_with(**{name: field()}))).fields


def test_names_that_differ_in_case_only_are_refused() -> None:
    assert said_of(RegisterType, described(fields=fields_with(Area=field()))) == (
        ("fields", "Area"),
        "字段“AREA”和“Area”只差大小写",
        "the fields 'AREA' and 'Area' differ in case only",
    )


LISTED = "NO, NAME, COUNTY, AREA, YEAR, SEEN, WET, CLASS, SUB, HARM"


@pytest.mark.parametrize("role", ["id_field", "name_field", "territory_field", "area_field", "group_field"])
def test_every_role_is_given_to_a_field_that_there_is(role: str) -> None:
    assert said_of(RegisterType, described(**{role: "NMAE"})) == (
        (role,),
        f"没有字段“NMAE”；是否想写“NAME”？；可用：{LISTED}",
        f"there is no field 'NMAE' - did you mean 'NAME'?; allowed: {LISTED}",
    )


@pytest.mark.parametrize(
    ("role", "name", "wanted"),
    [
        ("id_field", "YEAR", "text"),
        ("name_field", "SEEN", "text"),
        ("territory_field", "CLASS", "text"),
        ("area_field", "YEAR", "number"),
        ("area_field", "NAME", "number"),
        ("group_field", "HARM", "text"),
    ],
)
def test_every_role_asks_for_its_kind_of_field(role: str, name: str, wanted: str) -> None:
    assert said_of(RegisterType, described(**{role: name})) == (
        ("fields", name),
        f"字段“{name}”应为 kind: {wanted}",
        f"the field '{name}' has to be of kind: {wanted}",
    )


@pytest.mark.parametrize("role", ["name_field", "territory_field", "area_field", "group_field"])
def test_a_role_may_be_left_out(role: str) -> None:
    assert getattr(RegisterType.model_validate(described(**{role: None})), role) is None


@pytest.mark.parametrize("unit", ["", "m", "acre", "M2"])
def test_an_area_without_a_known_unit_cannot_be_compared(unit: str) -> None:
    fields = fields_with(AREA=field("number", unit=unit))
    assert said_of(RegisterType, described(fields=fields, area_field="AREA")) == (
        ("fields", "AREA"),
        "面积字段须写 unit：m², m2, ha, 公顷, 亩, km²",
        "the area needs a unit: m², m2, ha, 公顷, 亩, km²",
    )


@pytest.mark.parametrize(
    ("unit", "square_metres"),
    # 15 亩 are one hectare.
    [("m²", 1.0), ("m2", 1.0), ("ha", 1e4), ("公顷", 1e4), ("亩", 1e4 / 15), ("km²", 1e6)],
)
def test_an_area_may_be_stated_in_the_units_of_the_trade(unit: str, square_metres: float) -> None:
    fields = fields_with(AREA=field("number", unit=unit))
    found = RegisterType.model_validate(described(fields=fields, area_field="AREA"))
    assert SQUARE_METRES[found.fields["AREA"].unit] == square_metres


def test_a_fact_is_answered_by_a_field_that_there_is() -> None:
    at, zh, en = said_of(RegisterType, described(facts={"slope": "GRADIENT"}))
    assert at == ("facts", "slope")
    assert zh == f"没有字段“GRADIENT”；可用：{LISTED}"
    assert en == f"there is no field 'GRADIENT'; allowed: {LISTED}"


CODED = {"codes": CODES}


@pytest.mark.parametrize(
    ("spec", "at", "en"),
    [
        (field("code", parent="KLASS", **CODED), ("parent",), "there is no field 'KLASS' - did you mean 'CLASS'?; all"),
        (field("code", parent="HARM", **CODED), ("parent",), "'parent' is another field of kind: code, 'HARM' is not"),
        (field("code", parent="YEAR", **CODED), ("parent",), "'parent' is another field of kind: code, 'YEAR' is not"),
        (field("code", parent="MORE", **CODED), ("parent",), "'parent' is another field of kind: code, 'MORE' is not"),
        (
            field("code", codes={"A": {"title": text("a"), "under": ["A"]}}),
            ("codes", "A", "under"),
            "'under' without a 'parent' of the field",
        ),
        (
            field("codes", parent="CLASS", codes={"A": {"title": text("a"), "under": ["A", "C"]}}),
            ("codes", "A", "under"),
            "there is no code of 'CLASS' 'C'; allowed: A, B",
        ),
    ],
)
def test_codes_depend_on_the_codes_of_another_field(spec: dict[str, Any], at: tuple[str, ...], en: str) -> None:
    place, _, sentence = said_of(RegisterType, described(fields=fields_with(MORE=spec)))
    assert place == ("fields", "MORE", *at)
    assert sentence.startswith(en)


@pytest.mark.parametrize(
    ("deadline", "at", "en"),
    [
        ({"reach": "finished", "by": "2026-01-01"}, ("reach",), "there is no state 'finished'; allowed: found, surv"),
        ({"reach": "done", "days_after": {"work": 1}}, ("days_after",), "there is no state 'work' - did you mean 'wo"),
        ({"by": "2026-01-01", "values": {"KIND": ["A"]}}, ("values",), "there is no field 'KIND'"),
        (
            {"by": "2026-01-01", "values": {"CLASS": ["A", "C"]}},
            ("values", "CLASS"),
            "there is no code of 'CLASS' 'C'; allowed: A, B",
        ),
        (
            {"by": "2026-01-01", "values": {"HARM": ["4"]}},
            ("values", "HARM"),
            "there is no code of 'HARM' '4'; allowed: 1, 2, 3",
        ),
    ],
)
def test_a_deadline_names_states_fields_and_codes_that_there_are(
    deadline: dict[str, Any], at: tuple[str, ...], en: str
) -> None:
    place, _, sentence = said_of(RegisterType, described(deadlines={"late": DEADLINE | deadline}))
    assert place == ("deadlines", "late", *at)
    assert sentence.startswith(en)


def test_a_deadline_may_be_limited_to_any_words_of_a_text_field() -> None:
    limited = DEADLINE | {"by": "2026-01-01", "values": {"NAME": ["下芹", "其他"]}}
    found = RegisterType.model_validate(described(deadlines={"late": limited}))
    assert found.deadlines["late"].values == {"NAME": ("下芹", "其他")}


def as_layer(field_name: str, **classes: str) -> dict[str, Any]:
    return {"layer": "land", "field": field_name, "classes": classes}


@pytest.mark.parametrize(
    ("shown", "at", "en"),
    [
        (as_layer("state", open="a"), ("classes",), "there is no state 'open'; allowed: found, surveyed, planned"),
        (as_layer("KLASS", A="a"), ("field",), f"there is no field 'KLASS' - did you mean 'CLASS'?; allowed: {LISTED}"),
        (as_layer("NAME", A="a"), ("field",), "'NAME' is no field of kind: code"),
        (as_layer("HARM", A="a"), ("field",), "'HARM' is no field of kind: code"),
        (as_layer("CLASS", A="a", C="b"), ("classes",), "there is no code of 'CLASS' 'C'; allowed: A, B"),
    ],
)  # fmt: skip
def test_a_layer_is_made_of_states_or_codes_that_there_are(shown: dict[str, Any], at: tuple[str, ...], en: str) -> None:
    place, _, sentence = said_of(RegisterType, described(as_layer=shown))
    assert place == ("as_layer", *at)
    assert sentence.startswith(en)


@pytest.mark.parametrize("shape", ["none", "point"])
def test_a_register_of_points_or_of_nothing_is_no_layer(shape: str) -> None:
    stated = described(shape=shape, as_layer=as_layer("CLASS", A="a"))
    assert said_of(RegisterType, stated) == (
        ("as_layer",),
        f"shape: {shape} 的台账没有可作图层的图形",
        f"a register with shape: {shape} has nothing that a layer could show",
    )


@pytest.mark.parametrize("shape", ["area", "line", "any"])
@pytest.mark.parametrize(("name", "value"), [("state", "done"), ("CLASS", "B")])
def test_a_register_of_areas_or_lines_may_be_a_layer(shape: str, name: str, value: str) -> None:
    found = RegisterType.model_validate(described(shape=shape, as_layer=as_layer(name, **{value: "worked"})))
    assert found.as_layer == AsLayer(layer="land", field=name, classes={value: "worked"})


@pytest.mark.parametrize(
    ("place", "stated"),
    [
        ("colour", described(colour="red")),
        ("fields.NO.colour", described(fields=fields_with(NO=field(colour="red")))),
        ("fields.NO.kind", described(fields=fields_with(NO=field("colour")))),
        ("shape", described(shape="circle")),
    ],
)
def test_a_word_that_the_model_does_not_know_is_refused(place: str, stated: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        RegisterType.model_validate(stated)
    assert [".".join(str(key) for key in error["loc"]) for error in caught.value.errors()] == [place]
