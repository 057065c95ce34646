"""Conditions as they are read and rewritten: every refusal with its place, groups, and the strict reading."""

from typing import Any

import pytest

from situations import knowing
from zoning.rules.condition_fields import BindingWhen, ConditionalContent, When
from zoning.rules.conditions import (
    AllOf,
    AnyOf,
    AtPlace,
    Compare,
    Condition,
    Not,
    OneOf,
    expanded,
    leaves,
    parse_condition,
    strictly,
)
from zoning.rules.derivation.industry import read_code
from zoning.rules.facts import AtLeast, Vocabulary
from zoning.rules.places import Band, Where
from zoning.rules.truth import Truth
from zoning.texts import Text
from zoning.yaml_files import Mistake

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
SOME = {"zh": "某", "en": "some"}
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "activity": {
                "title": {"zh": "活动", "en": "activity of it"},
                "question": SOME,
                "kind": "choices",
                "values": {"steel": {"zh": "钢铁", "en": "steel"}, "coking": SOME, "hotel": SOME},
                "groups": {"industry": {"title": {"zh": "工业", "en": "industry"}, "words": ["steel", "coking"]}},
            },
            "dirty": {"title": SOME, "question": SOME, "kind": "yes_no"},
            "freight": {"title": SOME, "question": SOME, "kind": "number", "unit": "Mt/a"},
            "code": {"title": SOME, "question": SOME, "kind": "code", "pattern": "[A-T][0-9]{4}", "examples": ["2521"]},
        }
    }
)


# --- what a table means


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ({"dirty": "yes"}, OneOf("dirty", ("yes",))),
        ({"activity": ["steel", "hotel"]}, OneOf("activity", ("steel", "hotel"))),
        ({"dirty": "yes", "activity": "steel"}, AllOf((OneOf("dirty", ("yes",)), OneOf("activity", ("steel",))))),
        ({"not": {"dirty": "yes"}}, Not(OneOf("dirty", ("yes",)))),
        ({"any": [{"dirty": "yes"}, {"dirty": "no"}]}, AnyOf((OneOf("dirty", ("yes",)), OneOf("dirty", ("no",))))),
        ({"all": [{"dirty": "yes"}]}, AllOf((OneOf("dirty", ("yes",)),))),
        ({"freight": {"above": 1.5}}, Compare("freight", "above", "1.5")),
        (
            {"freight": {"at_least": "1", "below": "most"}},
            AllOf((Compare("freight", "at_least", "1"), Compare("freight", "below", "most"))),
        ),
        ({"overlaps": {"layer": "rivers"}}, AtPlace(Where(layer="rivers"))),
        (
            {"within": {"layer": "rivers", "distance": {"above": "1 km"}}},
            AtPlace(Where(layer="rivers", relation="within", distance=Band(above="1 km"))),
        ),
        (
            {"touches": {"layer": "rivers", "classes": ["fen"]}},
            AtPlace(Where(layer="rivers", classes=("fen",), relation="touches")),
        ),
    ],
)
def test_a_table_is_read(table: Any, condition: Condition) -> None:
    assert parse_condition(table) == condition


def test_a_condition_knows_where_it_stands() -> None:
    read = parse_condition(
        {"any": [{"dirty": "yes"}, {"not": {"freight": {"above": 1}}}], "within": {"layer": "r", "distance": "1 m"}}
    )
    assert [leaf.at for leaf in leaves(read)] == [
        ("any", 0, "dirty"),
        ("any", 1, "not", "freight", "above"),
        ("within",),
    ]


def test_the_table_is_not_changed() -> None:
    table: dict[str, Any] = {"within": {"layer": "r", "distance": "1 m"}, "any": [{"dirty": "yes"}]}
    parse_condition(table)
    assert table == {"within": {"layer": "r", "distance": "1 m"}, "any": [{"dirty": "yes"}]}


@pytest.mark.parametrize(
    ("table", "at", "zh", "en"),
    [
        (None, (), "条件应为键值表", "a condition is a table such as {construction: [new, expand]}"),
        ([], (), "条件应为键值表", "a condition is a table"),
        ({}, (), "条件应为键值表", "a condition is a table"),
        ({"not": {}}, ("not",), "条件应为键值表", "a condition is a table"),
        ({"not": "yes"}, ("not",), "条件应为键值表", "a condition is a table"),
        ({"any": [{"dirty": "yes"}, {}]}, ("any", 1), "条件应为键值表", "a condition is a table"),
        ({"all": []}, ("all",), "all 之后应为条件的列表", "'all' needs a list of conditions"),
        ({"any": {"dirty": "yes"}}, ("any",), "any 之后应为条件的列表", "'any' needs a list of conditions"),
        ({"dirty": []}, ("dirty",), "dirty 之后应为一个词或词的列表", "'dirty' needs one word or a list of words"),
        ({"dirty": None}, ("dirty",), "一个词或词的列表", "one word or a list of words"),
        ({"dirty": ["yes", 3]}, ("dirty",), "一个词或词的列表", "one word or a list of words"),
        ({"dirty": True}, ("dirty",), "一个词或词的列表", "one word or a list of words"),
        (
            {"freight": {}},
            ("freight",),
            "freight 须写比较词",
            "'freight' needs a comparison: at_least, above, at_most, below",
        ),
        (
            {"freight": {"abov": 1}},
            ("freight", "abov"),
            "不认识的比较词“abov”；是否想写“above”？",
            "did you mean 'above'?",
        ),
        ({"all": [{"freight": {"over": 1}}]}, ("all", 0, "freight", "over"), "比较词“over”", "comparison 'over'"),
        (
            {"within": "rivers"},
            ("within",),
            "within 之后应为 {layer: …}",
            "'within' needs a table such as {layer: rivers}",
        ),
        ({"within": {"layer": "r"}}, ("within",), "within 须写明 distance", "'within' needs a distance such as 1 km"),
        (
            {"overlaps": {"layer": "r", "distance": "1 m"}},
            ("overlaps", "distance"),
            "不能与 overlaps 同用",
            "relation overlaps",
        ),
        (
            {"overlaps": {"layer": "r", "clases": ["a"]}},
            ("overlaps", "clases"),
            "不认识的键“clases”",
            "did you mean 'classes'?",
        ),
        ({"overlaps": {"layer": "r", "relation": "within"}}, ("overlaps", "relation"), "不认识的键", "unknown key"),
        ({"dirty：yes": None}, ("dirty：yes",), "写成“dirty: yes”", "write 'dirty: yes'"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(
    table: object, at: tuple[object, ...], zh: str, en: str
) -> None:
    with pytest.raises(Mistake) as refused:
        parse_condition(table)
    assert refused.value.at == at
    assert zh in refused.value.text.zh
    assert en in refused.value.text.en


def test_the_place_of_a_refusal_continues_that_of_the_condition() -> None:
    with pytest.raises(Mistake) as refused:
        parse_condition({"not": {"dirty": []}}, ("provisos", 2))
    assert refused.value.at == ("provisos", 2, "not", "dirty")


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ({"layer": 3}, "layer"),
        ({"layer": "r", "classes": "a"}, "classes"),
        ({"layer": "r", "area": "1 ha"}, "area"),
        ({"layer": "r", "certainty": "sure"}, "certainty"),
    ],
)
def test_a_place_with_a_wrong_type_names_its_key(place: object, key: str) -> None:
    with pytest.raises(Mistake) as refused:
        parse_condition({"overlaps": place})
    assert refused.value.at == ("overlaps", key)


# --- compared with the vocabulary


@pytest.mark.parametrize(
    ("table", "at", "en"),
    [
        (
            {"any": [{"dirty": "yes"}, {"dirt": "yes"}]},
            ("any", 1, "dirt"),
            "unknown fact 'dirt' - did you mean 'dirty'?",
        ),
        (
            {"not": {"freigt": {"above": 1}}},
            ("not", "freigt", "above"),
            "unknown fact 'freigt' - did you mean 'freight'?",
        ),
        ({"freight": ["≥1.5"]}, ("freight",), "freight is a number: write a comparison such as {at_least: 1.5}"),
        ({"activity": {"above": 1}}, ("activity", "above"), "activity is no number: it cannot be compared"),
        ({"activity": ["钢铁"]}, ("activity",), "write steel for '钢铁'"),
        ({"dirty": "是"}, ("dirty",), "write yes for '是'"),
        ({"活动": ["steel"]}, ("活动",), "write activity for '活动'"),
        ({"code": ["B25"]}, ("code",), "'B25': division 25 belongs to section C, not B; write C25, or check the code"),
        (
            {"freight": {"above": ">3"}},
            ("freight", "above"),
            "'>3': write only the number, the key says how to compare: {above: 3}",
        ),
        ({"freight": {"above": "３"}}, ("freight", "above"), "'３' is in full width: write 3"),
        ({"overlaps": {"layer": "r", "area": {"above": "3 kg"}}}, ("overlaps",), "'3 kg' is no area"),
        ({"overlaps": {"layer": "r", "area": {}}}, ("overlaps",), "'area' has no limit"),
    ],
)
def test_what_the_vocabulary_does_not_know_is_named_with_its_place(table: Any, at: tuple[object, ...], en: str) -> None:
    (mistake,) = parse_condition(table).mistakes(VOCABULARY, {"limit": "1 km"})
    assert mistake.at == at
    assert en in mistake.text.en


@pytest.mark.parametrize(
    "table",
    [
        {"code": ["C", "25", "C252", "2521"]},
        {"activity": ["steel", "coking", "hotel"]},
        {"freight": {"above": "-3.5", "at_most": "limit"}},
        {"within": {"layer": "anything", "distance": "limit"}},
    ],
)
def test_what_the_vocabulary_knows_is_no_mistake(table: Any) -> None:
    assert parse_condition(table).mistakes(VOCABULARY, {"limit": "1 km"}) == []


def test_every_word_that_is_not_known_is_named() -> None:
    found = parse_condition({"activity": ["farm", "steel", "mill"], "dirty": "perhaps"}).mistakes(VOCABULARY, {})
    assert ["farm" in one.text.en or "mill" in one.text.en or "perhaps" in one.text.en for one in found] == [True] * 3


# --- deciding, where a fact is of another kind or known in part


@pytest.mark.parametrize(
    ("words", "every", "value", "truth"),
    [
        (("steel",), False, ("steel", "hotel"), T),
        (("steel",), True, ("steel", "hotel"), F),
        (("steel", "hotel"), True, ("steel", "hotel"), T),
        (("coking",), False, ("steel", "hotel"), F),
        (("coking",), True, ("steel",), F),
        # Known in part: what is known can settle "one of them" and can break "all of them", nothing else.
        (("steel",), False, AtLeast(("steel",)), T),
        (("coking",), False, AtLeast(("steel",)), U),
        (("steel",), True, AtLeast(("steel",)), U),
        (("coking",), True, AtLeast(("steel",)), F),
        (("yes",), False, True, T),
        (("yes",), False, False, F),
        (("no",), True, False, T),
        (("yes", "no"), True, False, T),
        # A number is none of any words.
        (("5",), False, 5.0, F),
        (("25",), False, (read_code("2521"),), T),
        (("C",), False, (read_code("2521"),), T),
        (("2522",), False, (read_code("2521"),), F),
        (("25",), True, (read_code("2521"), read_code("3110")), F),
        (("25", "31"), True, (read_code("2521"), read_code("3110")), T),
    ],
)
def test_words(*, words: tuple[str, ...], every: bool, value: Any, truth: Truth) -> None:
    answer = OneOf("fact", words, every).decide(knowing({"fact": value}), {})
    assert answer.truth is truth
    assert answer.missing == (("fact",) if truth is U else ())


@pytest.mark.parametrize(
    ("relation", "below", "at", "above"),
    [("at_least", F, T, T), ("above", F, F, T), ("at_most", T, T, F), ("below", T, F, F)],
)
def test_numbers(relation: str, below: Truth, at: Truth, above: Truth) -> None:
    compare = Compare("freight", relation, "1.5")
    decided = [compare.decide(knowing({"freight": value}), {}).truth for value in (1.4999999, 1.5, 1.5000001)]
    assert decided == [below, at, above]


def test_a_limit_with_a_name_is_that_of_the_day() -> None:
    compare = Compare("freight", "at_least", "least")
    assert compare.decide(knowing({"freight": 2.0}), {"least": "2"}).truth is T
    assert compare.decide(knowing({"freight": 2.0}), {"least": "2.1"}).truth is F


def test_a_number_that_is_not_known_is_asked_for() -> None:
    answer = Compare("freight", "below", "1").decide(knowing({}), {})
    assert (answer.truth, answer.missing) == (U, ("freight",))


@pytest.mark.parametrize("value", [True, ("5",)])
def test_what_is_no_number_is_not_compared(value: object) -> None:
    assert Compare("freight", "at_least", "0").decide(knowing({"freight": value}), {}).truth is F


# --- the strict reading


STEEL, HOTEL = OneOf("activity", ("steel",)), OneOf("activity", ("hotel",))
EVERY_STEEL = OneOf("activity", ("steel",), every=True)
PLACE = AtPlace(Where(layer="r"))


@pytest.mark.parametrize(
    ("condition", "binding", "softening"),
    [
        (STEEL, STEEL, EVERY_STEEL),
        (EVERY_STEEL, STEEL, EVERY_STEEL),
        (Not(STEEL), Not(EVERY_STEEL), Not(STEEL)),
        (Not(Not(STEEL)), Not(Not(STEEL)), Not(Not(EVERY_STEEL))),
        (AllOf((STEEL, PLACE)), AllOf((STEEL, PLACE)), AllOf((EVERY_STEEL, PLACE))),
        (AnyOf((STEEL, Not(STEEL))), AnyOf((STEEL, Not(EVERY_STEEL))), AnyOf((EVERY_STEEL, Not(STEEL)))),
        (Compare("freight", "above", "1"), Compare("freight", "above", "1"), Compare("freight", "above", "1")),
    ],
)
def test_strictly(condition: Condition, binding: Condition, softening: Condition) -> None:
    assert strictly(condition, binds=True) == binding
    assert strictly(condition, binds=False) == softening


@pytest.mark.parametrize("chosen", [("steel",), ("hotel",), ("steel", "hotel")])
def test_a_project_with_more_words_is_bound_by_no_less(chosen: tuple[str, ...]) -> None:
    for raw in (STEEL, Not(STEEL), AllOf((STEEL, HOTEL)), AnyOf((Not(STEEL), HOTEL))):
        binding = strictly(raw, binds=True)
        alone = [binding.decide(knowing({"activity": (word,)}), {}).truth for word in chosen]
        if T in alone:
            assert binding.decide(knowing({"activity": chosen}), {}).truth is T


def test_the_strict_reading_keeps_place_and_groups() -> None:
    read = OneOf("activity", ("steel", "coking"), groups=("industry",), at=("any", 0))
    strict = strictly(read, binds=False)
    assert isinstance(strict, OneOf)
    assert (strict.at, strict.groups, strict.meant) == (("any", 0), ("industry",), frozenset({"steel", "coking"}))


class Read(ConditionalContent):
    """A model with a condition of each kind."""

    when: When
    binding: BindingWhen


def test_as_a_field_only_the_binding_one_is_read_strictly() -> None:
    table = {"not": {"activity": "steel"}}
    read = Read.model_validate({"when": table, "binding": table})
    assert (read.when, read.binding) == (Not(STEEL), Not(EVERY_STEEL))
    again = Read.model_validate({"when": read.when, "binding": read.when})
    assert again == read


# --- groups of words


@pytest.mark.parametrize(
    ("words", "meant", "groups"),
    [
        (("industry",), ("steel", "coking"), ("industry",)),
        (("industry", "hotel"), ("steel", "coking", "hotel"), ("industry",)),
        (("coking", "industry"), ("coking", "steel"), ("industry",)),
        (("hotel", "steel"), ("hotel", "steel"), ()),
    ],
)
def test_groups_stand_for_their_words_each_once(
    words: tuple[str, ...], meant: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    for wrap in (lambda one: one, Not, lambda one: AllOf((one,)), lambda one: AnyOf((PLACE, one))):
        read = expanded(wrap(OneOf("activity", words, at=("a",))), VOCABULARY)
        (leaf,) = [one for one in leaves(read) if isinstance(one, OneOf)]
        assert (leaf.words, leaf.groups, leaf.meant, leaf.at) == (meant, groups, frozenset(meant), ("a",))


def test_a_group_of_another_fact_is_a_word() -> None:
    untouched = OneOf("dirty", ("industry",))
    assert expanded(untouched, VOCABULARY) == untouched
    unknown = OneOf("nothing", ("industry",))
    assert expanded(unknown, VOCABULARY) == unknown


def test_leaves_stand_in_their_order() -> None:
    compare = Compare("freight", "above", "1")
    condition = AllOf((STEEL, Not(AnyOf((PLACE, compare))), HOTEL))
    assert list(leaves(condition)) == [STEEL, PLACE, compare, HOTEL]


def test_a_refusal_is_told_in_both_languages() -> None:
    with pytest.raises(Mistake) as refused:
        parse_condition({"any": "x"})
    assert refused.value.text == Text("any 之后应为条件的列表", "'any' needs a list of conditions")
