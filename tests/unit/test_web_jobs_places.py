"""Places in the command line of a job: which file stands where, and when the register is asked."""

import json
from pathlib import Path

import pytest

from zoning.web.jobs.places import check_places, filled, inputs_of, uses_register, with_register

HOME = Path("/state/jobs/j1")
INPUTS = [HOME / "in" / "0" / "地块.geojson", HOME / "in" / "1" / "b.zip"]
ASKED = "--register={register}"


@pytest.mark.parametrize(
    ("argument", "becomes"),
    [
        ("{0}", "/state/jobs/j1/in/0/地块.geojson"),
        ("{1}", "/state/jobs/j1/in/1/b.zip"),
        ("{out}", "/state/jobs/j1/out"),
        ("{out}/map.svg", "/state/jobs/j1/out/map.svg"),
        ("{out}/a/图.svg", "/state/jobs/j1/out/a/图.svg"),
        ("--to={out}/a.csv", "--to=/state/jobs/j1/out/a.csv"),
        ("--file={0}", "--file=/state/jobs/j1/in/0/地块.geojson"),
        ("before:a.b-c,d={1}", "before:a.b-c,d=/state/jobs/j1/in/1/b.zip"),
        # What is no place stays as it was written: a text of a person is never a path.
        ("{in}", "{in}"),
        ("{}", "{}"),
        ("{100}", "{100}"),
        ("{-1}", "{-1}"),
        ("{0}{1}", "{0}{1}"),
        ("{out}/../secret", "{out}/../secret"),
        ("{out}/..", "{out}/.."),
        ("{out}//a", "{out}//a"),
        ("{out}\\a", "{out}\\a"),
        ("{out}/a\\b", "{out}/a\\b"),
        ("{out}more", "{out}more"),
        ("a b{0}", "a b{0}"),
        ("a/{0}", "a/{0}"),
        ("项目{0}", "项目{0}"),
        ("plain", "plain"),
        ("", ""),
        (ASKED, ASKED),
    ],
)
def test_a_place_becomes_a_path_and_nothing_else_does(argument: str, becomes: str) -> None:
    assert filled([argument], HOME, INPUTS) == [becomes]


def test_two_points_inside_a_name_lead_nowhere() -> None:
    assert filled(["{out}/a..b"], HOME, INPUTS) == [f"{HOME}/out/a..b"]


def test_only_the_first_of_a_places_name_is_replaced() -> None:
    assert filled(["{out}/{out}"], HOME, INPUTS) == [f"{HOME}/out/{{out}}"]


def test_arguments_keep_their_order_and_are_not_changed() -> None:
    arguments = ["check", "{1}", "{0}", "--out", "{out}"]
    assert filled(arguments, HOME, INPUTS) == ["check", str(INPUTS[1]), str(INPUTS[0]), "--out", f"{HOME}/out"]
    assert arguments == ["check", "{1}", "{0}", "--out", "{out}"]


@pytest.mark.parametrize(("argument", "count"), [("{0}", 0), ("{2}", 2), ("--file={10}", 10), ("{99}", 3)])
def test_a_place_of_a_file_that_was_not_handed_in_is_refused(argument: str, count: int) -> None:
    with pytest.raises(ValueError, match="^" + argument.replace("{", r"\{")):
        check_places(["check", argument, "{77}"], count)


@pytest.mark.parametrize(("argument", "count"), [("{0}", 1), ("{1}", 2), ("{out}", 0), ("{x}", 0), ("a b{5}", 0)])
def test_a_place_of_a_file_that_is_there_is_taken(argument: str, count: int) -> None:
    check_places([argument], count)


@pytest.mark.parametrize(
    ("arguments", "asks"),
    [
        (["mines", "list", ASKED], True),
        ([ASKED], True),
        ([ASKED, "--", "x"], True),
        (["mines", "list", "--", ASKED], False),
        (["mines", "list", "--register", "{register}"], False),
        ([f"{ASKED} "], False),
        ([], False),
    ],
)
def test_only_an_option_asks_for_the_register(arguments: list[str], asks: bool) -> None:
    assert uses_register(arguments) is asks
    address = "postgresql://office:secret@db/zoning"
    named = with_register(arguments, address)
    assert any("secret" in one for one in named) is asks
    assert len(named) == len(arguments)


def test_a_register_on_a_server_is_named_as_it_is_and_one_in_a_file_from_the_root() -> None:
    address = "postgresql://office@db/zoning"
    assert with_register(["list", ASKED, "--all"], address) == ["list", f"--register={address}", "--all"]
    assert with_register([ASKED], "register.sqlite") == [f"--register={Path.cwd() / 'register.sqlite'}"]
    assert with_register([ASKED], "/srv/register.sqlite") == ["--register=/srv/register.sqlite"]


def test_what_stands_behind_two_dashes_stays_where_it_is() -> None:
    arguments = ["list", ASKED, "--", ASKED, "--", "a"]
    assert with_register(arguments, "/r") == ["list", "--register=/r", "--", ASKED, "--", "a"]


def test_the_files_of_a_row_come_with_the_language() -> None:
    files = [{"name": "地块.geojson", "sha256": "a" * 64, "path": "aa/a.geojson"}]
    assert inputs_of(json.dumps({"files": files, "language": "en", "roles": []})) == (files, "en")
    assert inputs_of('{"files": [], "language": "zh"}') == ([], "zh")
