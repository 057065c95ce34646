"""Write what `scripts/check_versions` installs.

python scripts/version_bounds.py oldest     # every dependency at its lower bound
python scripts/version_bounds.py newest     # every dependency with its bounds alone
python scripts/version_bounds.py tools      # what only tests need, pinned by constraints.txt
"""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("cluster", "postgis", "serve", "oidc")
# None of the tests that are run needs these; schemathesis and the documentation want newer libraries than the oldest.
NO_TESTS = (
    *("codespell", "import-linter", "mkdocs", "mypy", "pandas-stubs", "pre-commit"),
    *("rjieba", "ruff", "schemathesis", "types-", "yamllint"),
)
_BEGIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?P<extras>\[[^]]*\])?(?P<bounds>[^;]*)(?P<marker>;.*)?$")


def name_of(requirement: str) -> str:
    """Return the name of what a requirement asks for, as indexes spell it."""
    return re.sub(r"[-_.]+", "-", _parts(requirement)["name"]).lower()


def oldest(requirement: str) -> str:
    """Return a requirement of exactly the lower bound.

    Raises
    ------
    SystemExit
        When there is no lower bound: then nobody knows what is the oldest.
    """
    parts = _parts(requirement)
    bound = re.search(r">=\s*([0-9][^,;\s]*)", parts["bounds"])
    if bound is None:
        sys.exit(f"pyproject.toml: '{requirement}' has no lower bound (>=)")
    return f"{parts['name']}{parts['extras'] or ''}=={bound[1]}{parts['marker'] or ''}"


def runtime_requirements(project: dict[str, Any]) -> list[str]:
    """Return what the program and its extras need."""
    return [*project["dependencies"], *(line for extra in EXTRAS for line in project["optional-dependencies"][extra])]


def tool_requirements(project: dict[str, Any], pins: dict[str, str]) -> list[str]:
    """Return what only the tests need, pinned."""
    known = {name_of(line) for line in runtime_requirements(project)}
    asked = project["optional-dependencies"]["dev"]
    lines = [line for line in asked if name_of(line) not in known and not name_of(line).startswith(NO_TESTS)]
    return [f"{_parts(line)['name']}=={pins[name_of(line)]}" for line in lines]


def pins_of(text: str) -> dict[str, str]:
    """Return name and version of every line of a file of constraints."""
    lines = (line.split("==") for line in text.splitlines() if "==" in line and not line.startswith("#"))
    return {name_of(name): version.strip() for name, version in lines}


def main(what: str) -> None:
    """Print the requirements, one a line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if what == "tools":
        found = tool_requirements(project, pins_of((ROOT / "constraints.txt").read_text(encoding="utf-8")))
    else:
        found = [oldest(line) if what == "oldest" else line for line in runtime_requirements(project)]
    print("\n".join(sorted(set(found), key=str.lower)))


def _parts(requirement: str) -> dict[str, str]:
    found = _BEGIN.match(requirement.strip())
    if found is None:
        sys.exit(f"pyproject.toml: '{requirement}' is no requirement")
    return {key: value or "" for key, value in found.groupdict().items()}


if __name__ == "__main__":
    if sys.argv[1:] not in (["oldest"], ["newest"], ["tools"]):
        sys.exit("usage: version_bounds.py oldest|newest|tools")
    main(sys.argv[1])
