"""Changes of code that tests should notice: which there are, and whether they are noticed (`scripts/mutate.py`)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from mutants.changes import changed, changes_of

WIDTH = '''"""A module."""

LIMIT = 3


def is_wide(width: int, floor: int = 1) -> bool:
    """Tell."""
    if width < floor:
        raise ValueError
    return width >= 3
'''

TESTS = """
from wide import is_wide


def test_wide():
    assert is_wide(4) and not is_wide(2)
"""

SCRIPTS = Path(__file__).parents[2] / "scripts"
SCRIPT = f"""
import sys
sys.path[:0] = [{str(SCRIPTS)!r}, "."]
from pathlib import Path
from mutants.changes import changes_of
from mutants.trial import Module, Trial
module = Module(Path.cwd(), Path("wide.py"))
trial = Trial(module, ["test_wide.py"])
assert trial.begin()
for change in changes_of(module.source):
    print(f"{{change.line}} {{change.about}}: {{trial.of(change)}}")
"""


def results(expression: str) -> list[str]:
    """Return what all changes make of `return <expression>`, without `return None`."""
    source = f"def it(a, b):\n    return {expression}\n"
    made = [ast.unparse(changed(source, change)).splitlines()[1].strip() for change in changes_of(source)]
    assert made[0] == "return None"
    return [one.removeprefix("return ") for one in made[1:]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a < b", ["a <= b"]),
        ("a >= b", ["a > b"]),
        ("a == b", ["a != b"]),
        ("a in b", ["a not in b"]),
        ("a is b", ["a is not b"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("-a", ["a"]),
        ("a + b", ["a - b"]),
        ("a // b", ["a * b"]),
        ("'x' + a", []),
        ("True", ["False"]),
        ("7", ["8"]),
        ("'seven'", []),
        ("a if b else 0", ["a if True else 0", "a if False else 0", "a if b else 1"]),
        ("a < b < 3", ["a <= b < 3", "a < b <= 3", "a < b < 4"]),
    ],
)
def test_what_is_made_of_an_expression(expression: str, expected: list[str]) -> None:
    assert results(expression) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("a()", ["pass"]),
        ("raise a", ["pass"]),
        ("return", []),
        ("return None", []),
        ("import a", []),
        ("x: list[3] = a", []),
        ("def inner(x=3): ...", []),
    ],
)
def test_what_is_made_of_a_statement(statement: str, expected: list[str]) -> None:
    source = f"def it(a):\n    {statement}\n"
    made = [ast.unparse(changed(source, change)).splitlines()[1].strip() for change in changes_of(source)]
    assert made == expected


def test_what_is_run_at_the_import_is_left_alone() -> None:
    assert [change.line for change in changes_of(WIDTH)] == [8, 8, 8, 9, 10, 10, 10]


def test_a_change_leaves_the_rest_as_it_was() -> None:
    for change in changes_of(WIDTH):
        lines = ast.unparse(changed(WIDTH, change)).splitlines()
        before = ast.unparse(ast.parse(WIDTH)).splitlines()
        assert sum(one != other for one, other in zip(lines, before, strict=True)) == 1, change


def test_what_goes_unnoticed_is_said(tmp_path: Path) -> None:
    (tmp_path / "wide.py").write_text(WIDTH, encoding="utf-8")
    tests = tmp_path / "test_wide.py"
    tests.write_text(TESTS, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "8 if width < floor: -> always: noticed",
        "8 if width < floor: -> never: unnoticed",
        "8 width < floor -> LtE: unnoticed",
        "9 raise ValueError -> nothing: no test runs it",
        "10 return width >= 3 -> None: noticed",
        "10 width >= 3 -> Gt: unnoticed",
        "10 3 -> 4: unnoticed",
    ]
