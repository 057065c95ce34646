"""Each measure of the house rules breaks on a small tree that breaks it, and only that one."""

import tokenize
from io import StringIO
from pathlib import Path

import pytest

import measure_house
from house import amount, lengths, reasons
from house.measures import all_measures
from house.sources import Source, read_sources

CONTRACT = """
[tool.importlinter]
root_package = "zoning"
[[tool.importlinter.contracts]]
name = "stages"
type = "layers"
exhaustive = true
layers = ["site"]
"""
SITE = '''"""Sites."""


def area_m2(side_m: float) -> float:
    """Return the area of a square."""
    return side_m * side_m


def length_m(side_m: float) -> float:
    """Return the length of its border."""
    return 4 * side_m


def _half(x: float) -> float:
    return x / 2
'''
TEST = """import pytest

from zoning.site import area_m2, length_m


@pytest.mark.parametrize(("side_m", "area"), [(2.0, 4.0), (3.0, 9.0)])
def test_area(side_m: float, area: float) -> None:
    assert area_m2(side_m) == area


def test_length() -> None:
    assert length_m(2.0) == 8.0
"""
CASES = "# a comment\n\n- one: 1\n- two: 2\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Make a checkout that keeps every rule."""
    files = {
        "pyproject.toml": CONTRACT,
        "zoning/__init__.py": "",
        "zoning/site.py": SITE,
        "tests/test_site.py": TEST,
        "rules/cases/one.yaml": CASES,
        "scripts/run.py": '"""Run."""\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def broken(root: Path) -> list[tuple[str, ...]]:
    return [measure.places for measure in all_measures(root) if not measure.kept]


def function(name: str, steps: tuple[str, ...], told: str = "") -> str:
    return f'def {name}(x: int) -> int:\n    """Do."""\n' + told + "".join(f"    {step}\n" for step in steps)


def test_a_tree_that_keeps_the_rules_breaks_nothing(house: Path) -> None:
    assert broken(house) == []


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("zoning/long.py", '"""Long."""\n' + "#\n" * 400, "zoning/long.py 401 lines"),
        ("tests/test_long.py", "#\n" * 401, "tests/test_long.py 401 lines"),
        ("scripts/long.py", "#\n" * 401, "scripts/long.py 401 lines"),
        (
            "zoning/deep.py",
            '"""Deep."""\n\n\n' + function("deep", ("# on and on",) * 48 + ("return x",)),
            "zoning/deep.py deep 51 lines",
        ),
        ("zoning/utils.py", '"""Vague."""\n', "zoning/utils.py"),
        ("zoning/helpers/zones.py", '"""Vague."""\n', "zoning/helpers/zones.py"),
        ("zoning/bare.py", '"""Bare."""\n\n\ndef _inner(x) -> int:\n    return x\n', "zoning/bare.py:4 _inner"),
        ("zoning/bare.py", '"""Bare."""\n\n\ndef _inner(x: int):\n    return x\n', "zoning/bare.py:4 _inner"),
        ("zoning/bare.py", '"""Bare."""\n\n\ndef _inner(*x, **y: int) -> None: ...\n', "zoning/bare.py:4 _inner"),
        (
            "zoning/bare.py",
            '"""Bare."""\n\n\nclass Zone:\n    """Zone."""\n\n    @staticmethod\n    def _of(x) -> None: ...\n',
            "zoning/bare.py:8 _of",
        ),
        ("zoning/silent.py", "X = 1\n", "zoning/silent.py:1"),
        ("zoning/silent.py", '"""Doc."""\n\n\ndef told() -> None: ...\n', "zoning/silent.py:4 told"),
        ("zoning/silent.py", '"""Doc."""\n\n\nclass Zone:\n    x: int\n', "zoning/silent.py:4 Zone"),
        (
            "zoning/silent.py",
            '"""Doc."""\n\n\nclass Zone:\n    """Zone."""\n\n    def grown(self) -> None: ...\n',
            "zoning/silent.py:7 Zone.grown",
        ),
        ("zoning/off.py", '"""Off."""\n\nX = 1  # noqa: E501\n', "zoning/off.py:3 # noqa: E501"),
        ("scripts/off.py", "X = 1  # noqa - because\n", "scripts/off.py:1 # noqa - because"),
        ("tests/off.py", "X = 1  # type: ignore[misc]\n", "tests/off.py:1 # type: ignore[misc]"),
        ("tests/off.py", "X = 1  # type: ignore\n", "tests/off.py:1 # type: ignore"),
        ("tests/off.py", "# ruff: noqa: T201\n", "tests/off.py:1 # ruff: noqa: T201"),
        ("tests/test_off.py", "import pytest\n\npytest.skip()\n", "tests/test_off.py:3 skip"),
        ("tests/test_off.py", 'import pytest\n\npytest.importorskip("qgis")\n', "tests/test_off.py:3 importorskip"),
        (
            "tests/test_off.py",
            "import pytest\n\n\n@pytest.mark.xfail\ndef test_x() -> None: ...\n",
            "tests/test_off.py:4 xfail",
        ),
        (
            "tests/test_off.py",
            'import pytest\n\n\n@pytest.mark.skipif(True, reason="")\ndef test_x() -> None: ...\n',
            "tests/test_off.py:4 skipif",
        ),
    ],
)
def test_what_breaks_a_rule_is_named(house: Path, name: str, text: str, place: str) -> None:
    path = house / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    # Enough tests, so that what is added is not too little tested as well.
    (house / "tests/test_more.py").write_text("assert True\n" * 90, encoding="utf-8")
    assert broken(house) == [(place,)]


@pytest.mark.parametrize(
    "line",
    [
        "X = 1  # noqa: E501 - a long name",
        "X = 1  # type: ignore[misc]  # stands for a pool",
        "X = 1  # type: ignore[misc, arg-type]  # noqa: E501, S104 - both of a made-up office",
        'X = "# noqa: E501"',
        "# ruff: noqa: T201 - a program that talks",
    ],
)
def test_a_reason_on_the_line_is_enough(line: str) -> None:
    assert reasons.marks_without_reason(Source("x.py", f'"""Text with # noqa in it."""\n{line}\n')) == []


def test_a_skip_with_a_reason_is_none_to_complain_of() -> None:
    text = 'import pytest\n\npytest.skip(f"no {1}")\npytest.mark.skipif(True, reason="no GDAL")\nskip = 1\n'
    assert reasons.skips_without_reason(Source("tests/x.py", text)) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("exhaustive = true", "exhaustive = false", "pyproject.toml: 'stages' need not place every module"),
        ("layers =", 'ignore_imports = ["a -> b"]\nlayers =', "pyproject.toml: ignore_imports: a -> b"),
        ("layers =", 'exhaustive_ignores = ["a"]\nlayers =', "pyproject.toml: exhaustive_ignores: a"),
        ('type = "layers"', 'type = "forbidden"', "pyproject.toml: there is no contract of layers"),
    ],
)
def test_a_contract_that_lets_something_through(house: Path, old: str, new: str, place: str) -> None:
    (house / "pyproject.toml").write_text(CONTRACT.replace(old, new), encoding="utf-8")
    assert broken(house) == [(place,)]


def test_too_few_tests(house: Path) -> None:
    (house / "zoning/more.py").write_text('"""More."""\n\n' + "X = 1\n" * 20, encoding="utf-8")
    code, tests = read_sources(house, "zoning"), read_sources(house, "tests")
    measure = amount.test_lines(house, tests, code)
    # 6 + 20 lines of code; 7 lines of test and two lines of cases.
    assert (measure.figure, measure.kept) == (f"{9 / 26:.3f}", False)
    assert "(7 + 2 of cases) for each of 26 code lines" in measure.title


def test_half_of_the_functions_are_short(house: Path) -> None:
    long = function("long", ("# on",) * 18 + ("return x",))
    (house / "zoning/more.py").write_text('"""More."""\n\n\n' + long + "\n\n" + long.replace("long", "longer"))
    (house / "zoning/site.py").write_text(
        '"""Sites."""\n\n\ndef one() -> None:\n    """One."""\n\n\ndef two() -> None:\n'
        + "    #\n" * 9
        + '    """Two."""\n'
    )
    measure = lengths.median_function(read_sources(house, "zoning"))
    # Functions of 2, 11, 21 and 21 lines.
    assert (measure.figure, measure.kept) == ("16 lines", False)


def test_what_is_listed_as_an_exception_may_be_long(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (house / "zoning/table.py").write_text('"""Table."""\n' + "#\n" * 400)
    monkeypatch.setattr(lengths, "LONG_FILES", {"zoning/table.py": "one table"})
    measure = lengths.longest_file("files", read_sources(house, "zoning"))
    assert (measure.kept, measure.limit) == (True, "at most 400; but zoning/table.py: one table")


AWKWARD = '''"""Doc
# of two lines.
"""
import a  # why

X = """
# no comment: a line of a text

"""  # noqa
Y = (
    # a comment
    "a"
    # another
    "b"
)


class Zone:
    """Doc."""

    x: int
    """What it is."""

    def f(self) -> str:
        # a comment
        return f"""
{self.x}
# text
"""
'''


def test_code_lines_are_those_that_tokens_stand_on() -> None:
    counted = Source("x.py", AWKWARD).code_lines
    # import; X and two lines of its text; Y and four; class, x, def; return and three lines of its text.
    assert counted == 1 + 3 + 4 + 3 + 4


@pytest.mark.parametrize("name", ["tests/unit/test_house_measures.py", "scripts/house/shapes.py", "zoning/errors.py"])
def test_code_lines_are_counted_as_the_tokens_say(name: str, repository_root: Path) -> None:
    text = (repository_root / name).read_text(encoding="utf-8")
    told, lines, fresh = set[int](), set[int](), True
    for token in tokenize.generate_tokens(StringIO(text).readline):
        numbers = range(token.start[0], token.end[0] + 1)
        if token.type == tokenize.STRING and fresh:
            told |= set(numbers)
        if token.type not in {tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}:
            lines |= set(numbers)
            fresh = False
        fresh = fresh or token.type in {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    blank = {number for number, line in enumerate([*text.splitlines(), ""], 1) if not line.strip()}
    assert Source(name, text).code_lines == len(lines - told - blank)


def test_the_program_prints_every_measure_and_says_when_one_is_broken(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure_house, "ROOT", house)
    assert measure_house.main([]) == 0
    kept = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok ") for line in kept)
    (house / "zoning/utils.py").write_text('"""Vague."""\n')
    assert measure_house.main([]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(kept) + 1
    assert "        zoning/utils.py" in said
