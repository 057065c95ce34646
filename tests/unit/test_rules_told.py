"""The facts as they were told: which answer wins, and footprints that the boundary file does not have."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import shapely

from zoning.errors import ContentError
from zoning.rules.facts import Vocabulary
from zoning.rules.told import Told
from zoning.sites.site import Site

SOME = {"zh": "某", "en": "some"}
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {
            "building": {"title": SOME, "question": SOME, "kind": "yes_no"},
            "size": {"title": SOME, "question": SOME, "kind": "number", "unit": "t"},
        }
    }
)


def site(id_: str, name: str = "") -> Site:
    return Site(id_, name, shapely.box(112.4, 35.5, 112.5, 35.6), "EPSG:4490", "site.geojson")


def told(
    single: Mapping[str, Mapping[str, object]] | None = None,
    common: Mapping[str, object] | None = None,
    **options: object,
) -> Told:
    return Told(common or {}, single or {}, options, "facts.yaml")


@pytest.mark.parametrize(
    ("common", "single", "options", "values"),
    [
        ({}, {}, {}, {}),
        ({"size": 1}, {}, {}, {"size": 1.0}),
        ({"size": 1}, {"1": {"size": 2}}, {}, {"size": 2.0}),
        ({"size": 1}, {"1": {"size": 2}}, {"size": 3}, {"size": 3.0}),
        ({"size": 1}, {}, {"size": 3}, {"size": 3.0}),
        ({"size": 1}, {"2": {"size": 2}}, {}, {"size": 1.0}),
        # By its id first, then by its name.
        ({}, {"甲地": {"size": 5}}, {}, {"size": 5.0}),
        ({}, {"甲地": {"size": 5}, "1": {"size": 6}}, {}, {"size": 6.0}),
        # A fact that is "unknown" for one footprint is not known, whatever the others are.
        ({"size": 1}, {"1": {"size": "unknown"}}, {}, {}),
        ({"size": 1}, {"1": {"building": True}}, {}, {"size": 1.0, "building": True}),
    ],
)
def test_the_nearest_answer_wins(common: Any, single: Any, options: dict[str, object], values: Any) -> None:
    assert told(single, common, **options).of(site("1", "甲地"), VOCABULARY).values == values


def test_what_was_told_is_not_changed() -> None:
    common, single = {"size": 1}, {"1": {"size": 2}}
    told(single, common, size=3).of(site("1"), VOCABULARY)
    assert (common, single) == ({"size": 1}, {"1": {"size": 2}})


@pytest.mark.parametrize(
    ("answer", "en"), [({"sise": 1}, "unknown fact 'sise'"), ({"size": "big"}, "'big' is no value of size")]
)
def test_a_wrong_answer_names_where_it_stands(answer: dict[str, object], en: str) -> None:
    with pytest.raises(ContentError) as refused:
        told({"1": answer}).of(site("1"), VOCABULARY)
    assert refused.value.text.en.startswith("facts.yaml: ")
    assert en in refused.value.text.en


@pytest.mark.parametrize(
    "sites",
    [
        [site("1", "甲"), site("2", "乙")],
        [site("2", "乙"), site("1", "甲")],
        [site("1"), site("x", "2")],
    ],
)
def test_names_and_ids_of_the_file_are_known(sites: list[Site]) -> None:
    told({"1": {}, "2": {}}).check_names(sites)


@pytest.mark.parametrize(
    ("single", "zh", "en"),
    [
        ({"9": {}}, "facts.yaml：边界文件中没有地块“9”", "facts.yaml: the boundary file has no footprint '9'"),
        (
            {"南区一号": {}},
            "facts.yaml：边界文件中没有地块“南区一号”；是否想写“南区1号”？",
            "facts.yaml: the boundary file has no footprint '南区一号' - did you mean '南区1号'?",
        ),
    ],
)
def test_a_footprint_that_is_not_there_is_refused(single: dict[str, dict[str, object]], zh: str, en: str) -> None:
    with pytest.raises(ContentError) as refused:
        told({**single, "p1": {}}).check_names([site("p1", "南区1号"), site("p2", "北坡")])
    assert (refused.value.text.zh, refused.value.text.en) == (zh, en)


def test_of_an_empty_file_no_footprint_is_known() -> None:
    told().check_names([])
    with pytest.raises(ContentError):
        told({"1": {}}).check_names([])


def test_no_more_of_the_file_is_read_than_it_takes_to_know_all_names() -> None:
    read: list[str] = []

    def sites() -> Iterator[Site]:
        for number in range(1, 10):
            read.append(str(number))
            yield site(str(number))

    told({"2": {}}).check_names(sites())
    assert read == ["1", "2", "3"]
    read.clear()
    told().check_names(sites())
    assert read == ["1"]
