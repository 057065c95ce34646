"""What a check is told as: the command line that comes to the same verdict, answers as people write them."""

import json
import shlex
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from zoning.web.checks import Check
from zoning.web.checks_made import INTAKE, arguments_of, command_of, verdict_json, words_of
from zoning.web.refusals import Refused

REQUEST: dict[str, Any] = {"name": "地块.dxf", "sha256": "a", "size": 1, "path": "aa/a.dxf", "options": {}}
CHECK = Check(
    "c1", "anna", "", "a", date(2026, 3, 2), "done", REQUEST, {}, {"verdicts": [], "refused": []}, "", None, "",
    is_shared=False, digest="d",
)  # fmt: skip


def asked(options: dict[str, Any], **facts: Any) -> Check:
    return replace(CHECK, request={**REQUEST, "options": options}, facts=facts)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, ["yes"]),
        (False, ["no"]),
        (12, ["12"]),
        (12.0, ["12"]),
        (12.5, ["12.5"]),
        (-3, ["-3"]),
        (0, ["0"]),
        (1e20, ["1e+20"]),
        (0.1, ["0.1"]),
        ("new", ["new"]),
        ("", [""]),
        (["a", "b"], ["a", "b"]),
        (("a",), ["a"]),
        ([], []),
        ([1, 2], ["1", "2"]),
    ],
)
def test_an_answer_is_written_as_people_write_it(value: Any, words: list[str]) -> None:
    assert words_of(value) == words


def test_without_options_and_facts_the_day_is_all_that_is_told() -> None:
    assert arguments_of(CHECK) == ["--on", "2026-03-02"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("width_m", 12.0, ["--width", "12"]),
        ("radius_m", 2.5, ["--radius", "2.5"]),
        ("area_m2", 100, ["--area", "100m2"]),
        ("encoding", "gbk", ["--encoding", "gbk"]),
        ("crs", "EPSG:4547", ["--crs", "EPSG:4547"]),
        ("layer", "红线 图层", ["--layer", "红线 图层"]),
    ],
)
def test_every_option_of_reading_is_one_of_the_command(name: str, value: Any, expected: list[str]) -> None:
    assert name in INTAKE
    assert arguments_of(asked({name: value})) == [*expected, "--on", "2026-03-02"]


def test_facts_stand_in_their_order_each_with_all_of_its_words() -> None:
    check = asked({"crs": "EPSG:4490"}, supply=True, construction="new", materials=["steel", "wood"])
    assert arguments_of(check) == [
        "--crs", "EPSG:4490", "--set", "construction=new", "--set", "materials=steel,wood", "--set", "supply=yes",
        "--on", "2026-03-02",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["地块.dxf", "a b.zip", "it's.txt", "$(rm -r x).txt", "`x`;y.txt", "a\nb.txt"])
def test_a_command_can_be_pasted_whatever_the_file_is_called(name: str) -> None:
    check = replace(CHECK, request={**REQUEST, "name": name})
    words = shlex.split(command_of(check))
    assert words == ["zoning", "check", name, "--on", "2026-03-02", "--format", "json"]


def test_a_check_without_verdicts_is_an_empty_list() -> None:
    assert json.loads(verdict_json(CHECK)) == []
    refused = replace(CHECK, answer={"verdicts": [], "refused": [{"zh": "a", "en": "a"}, {"zh": "b", "en": "b"}]})
    assert verdict_json(refused) == b"[]\n"


def test_a_check_without_an_answer_has_no_verdict() -> None:
    with pytest.raises(Refused) as caught:
        verdict_json(replace(CHECK, answer=None, state="refused"))
    assert caught.value.status == 404
    assert caught.value.text.zh == "这次检查没有结论"


def test_a_check_that_runs_has_no_verdict_yet() -> None:
    with pytest.raises(Refused) as caught:
        verdict_json(replace(CHECK, state="waiting"))
    assert caught.value.status == 409
