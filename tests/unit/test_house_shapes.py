"""Runs of lines of the same shape and functions written twice are found, and nothing else."""

from pathlib import Path

import pytest

import measure_house
from house.shapes import same_shapes
from house.sources import Source
from house.twins import twins

STEPS = (
    "a = f(x)",
    "b = a.b + 1",
    "if a:",
    "    c = [a, b]",
    "for d in c:",
    "    g(d, h=a)",
    "e = d[1]",
    "return e - b",
)


def function(name: str, steps: tuple[str, ...], told: str = "") -> str:
    return f'def {name}(x: int) -> int:\n    """Do."""\n' + told + "".join(f"    {step}\n" for step in steps)


def source(name: str, *bodies: str) -> Source:
    return Source(name, '"""Doc."""\n\n\n' + "\n\n".join(bodies))


def test_lines_of_the_same_shape_are_found_under_other_names() -> None:
    other: tuple[str, ...] = (
        "k = w(\n        y,\n    )",
        "r = k.m + 70",
        "if r:",
        "    s = [k, r]  # why",
        "for t in s:",
    )
    other += ("    w(t, z='x')", "u = t[12]", "return u - r")
    found = same_shapes([source("one.py", function("one", STEPS)), source("two.py", function("two", other))])
    assert [str(run) for run in found] == ["9 lines: one.py:4-13  two.py:4-15"]


@pytest.mark.parametrize(
    "other",
    [
        STEPS[1:],
        (*STEPS[:4], "k = not a", *STEPS[4:]),
        tuple(step.replace("+", "*").replace("-", "+") for step in STEPS),
        tuple(step.replace("h=a", "*a") for step in STEPS[:-1]),
    ],
    ids=["shorter", "a line between", "other operators", "another call"],
)
def test_other_shapes_are_not_the_same(other: tuple[str, ...]) -> None:
    two = function("two", other).replace("x: int", "x: int, y: int")
    assert same_shapes([source("one.py", function("one", STEPS)), source("two.py", two)]) == []


def test_what_only_tells_data_is_no_run() -> None:
    fields = '"""Doc."""\nimport a\n\n\nclass Zone:\n    """Z."""\n\n' + "".join(
        f"    {c}: int = 1\n" for c in "abcdefghij"
    )
    table = "\n\nWORDS = {\n" + "".join(f'    "{c}": ("{c}", 1),\n' for c in "abcdefghij") + "}\n"
    call = function("made", ("return dict(\n" + "".join(f"        {c}=1,\n" for c in "abcdefghij") + "    )",))
    assert same_shapes([Source(name, fields + table + "\n\n" + call) for name in ("one.py", "two.py")]) == []


def test_branches_and_handlers_are_lines() -> None:
    steps: tuple[str, ...] = (
        "try:",
        "    f(x)",
        "except ValueError as e:",
        "    g(e)",
        "else:",
        "    h(x)",
        "finally:",
        "    k()",
        "match x:",
    )
    steps += ("    case 1 if x:", "        return 1", "while x:", "    x -= 1", "with f(x) as y:", "    del y")
    sources = [source(f"{name}.py", function(name, steps)) for name in ("one", "two")]
    assert [run.length for run in same_shapes(sources)] == [1 + len(steps)]


def test_a_run_in_one_file_does_not_meet_itself() -> None:
    long = source("one.py", function("one", ("f(x)",) * 15))
    assert same_shapes([long]) == []
    # Its signature differs from its lines: 16 lines are eight and eight.
    longer = source("one.py", function("one", ("f(x)",) * 16))
    assert [run.length for run in same_shapes([longer])] == [8]


def test_a_run_in_three_places_is_three_pairs() -> None:
    sources = [source(f"{name}.py", function(name, STEPS)) for name in ("one", "two", "six")]
    assert len(same_shapes(sources)) == len(("one two", "one six", "two six"))


def test_functions_written_twice_are_found_whatever_their_names() -> None:
    body = "    {half} = {side} / 2\n    return sum({half} * {n} + {n} ** 2 for {n} in range({side}) if {n} > 1)\n"
    one = "def one(side: int) -> int:\n" + body.format(half="half", side="side", n="n")
    two = "def two(edge: int) -> int:\n" + body.format(half="part", side="edge", n="k")
    assert twins([source("a.py", one), source("b.py", two)]) == [["a.py:4 one", "b.py:4 two"]]
    # Another name of what is not its own is another function.
    assert twins([source("a.py", one), source("b.py", one.replace("sum(", "max("))]) == []


def test_small_functions_may_be_written_twice() -> None:
    small = "def one(x: int) -> int:\n    return x + 1\n"
    assert twins([source("a.py", small), source("b.py", small)]) == []


def test_the_program_lists_what_stands_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure_house, "ROOT", tmp_path)
    for name in ("one", "two"):
        path = tmp_path / f"zoning/{name}/zones.py"
        path.parent.mkdir(parents=True)
        path.write_text('"""Doc."""\n\n\n' + function("same", STEPS))
    assert measure_house.main(["--shapes", "zoning/one"]) == 0
    assert measure_house.main(["--shapes", "zoning/one", "--against", "zoning"]) == 1
    assert measure_house.main(["--twins", "zoning/two", "--against", "zoning"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "0 runs of at least 8 lines",
        "9 lines: zoning/one/zones.py:4-13  zoning/two/zones.py:4-13",
        "1 runs of at least 8 lines",
        "zoning/one/zones.py:4 same  zoning/two/zones.py:4 same",
        "1 functions written twice",
    ]
