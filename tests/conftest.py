"""What all tests share: profiles of hypothesis, paths, and programs that may be missing on this computer."""

import asyncio
import gc
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

from order_of_files import lines_of, put_longest_first, seconds_of_files
from zoning.foreign_proj import unset_foreign_proj

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# Run by the Python of QGIS.
collect_ignore = ["support/qgis_probe.py"]

# Also for the tests: another program's PROJ must not decide whether they pass.
unset_foreign_proj(os.environ)

# The short profile gives the same examples on every run; the long one searches on (see CONTRIBUTING.md).
settings.register_profile("dev", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=5_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

_YOUNG_OBJECTS = 50_000
"""As the program has it: garbage is looked for less often than Python would."""

_LOOP = pytest.StashKey[asyncio.AbstractEventLoop]()
"""The one that Playwright runs in."""

REQUIRE_ALL = "ZONING_REQUIRE_ALL"
NEEDS = "needs "


def _unavailable(what: str, how: str) -> NoReturn:
    """Skip the test, or fail it where everything has to be there ($ZONING_REQUIRE_ALL=1, as in .ci/run)."""
    reason = f"{NEEDS}{what}: {how}"
    if os.environ.get(REQUIRE_ALL) == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def unavailable() -> Callable[[str, str], NoReturn]:
    """Return the function to call when a test misses something: what it is, and how to get it."""
    return _unavailable


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of chromium; the one that cannot open windows takes a quarter less processor time."""
    paths = (shutil.which(name) for name in ("chromium-headless-shell", "chromium", "chromium-browser"))
    return next((path for path in paths if path), None) or _unavailable("chromium", "apt install chromium")


@pytest.fixture(scope="session")
def cjk_fonts() -> tuple[str, ...]:
    """Return the names of the Chinese fonts."""
    from zoning.maps import fonts

    names = tuple(dict.fromkeys(face.path.name for face in fonts.cjk_fonts()))
    return names or _unavailable("Chinese fonts", "apt install fonts-noto-cjk")


@pytest.fixture(scope="session")
def playwright(pytestconfig: pytest.Config) -> "Iterator[Playwright]":
    """Give what starts browsers, once for all tests of this process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        pytestconfig.stash[_LOOP] = asyncio.get_running_loop()
        yield started
        asyncio._set_running_loop(pytestconfig.stash[_LOOP])


@pytest.fixture(scope="session")
def browser(
    pytestconfig: pytest.Config, playwright: "Playwright", chromium: str, cjk_fonts: tuple[str, ...]
) -> "Iterator[Browser]":
    """Give the one browser of this process; it knows no name and no address but those of this computer."""
    import map_pages

    assert cjk_fonts
    inside = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    started = playwright.chromium.launch(executable_path=chromium, args=[*map_pages.ARGUMENTS, inside])
    yield started
    asyncio._set_running_loop(pytestconfig.stash[_LOOP])
    started.close()


@pytest.fixture(scope="session")
def repository_root() -> Path:
    """Return the checkout that this test stands in."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def workspace_root() -> Path:
    """Return the built-in workspace: of the checkout, or of the installed wheel when that is tested."""
    from zoning.workspace import builtin_root

    return builtin_root()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin the long files early where several processes share the work."""
    if hasattr(config, "workerinput"):
        put_longest_first(items)


def pytest_collection_finish() -> None:
    """Keep what was collected out of every later search for garbage: it stays to the end, and there is much of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let each test run a loop of its own: between two calls Playwright tells all of the process that its loop runs."""
    of_browser = item.config.stash.get(_LOOP, None)
    asyncio._set_running_loop(of_browser if "playwright" in getattr(item, "fixturenames", ()) else None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end how long files took, which tests were skipped, why, and how to get them."""
    if terminalreporter.config.getoption("dist", "no") != "no":
        terminalreporter.section("seconds of the longest files")
        reports = (report for found in terminalreporter.stats.values() for report in found)
        for line in lines_of(seconds_of_files(reports)):
            terminalreporter.write_line(line)
    _tell_of_skipped(terminalreporter)


def _tell_of_skipped(terminalreporter: pytest.TerminalReporter) -> None:
    skipped: dict[str, list[str]] = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple):
            skipped[report.longrepr[2].removeprefix("Skipped: ")].append(report.nodeid)
    if not skipped:
        return
    terminalreporter.section("skipped tests and how to get them")
    for reason, tests in sorted(skipped.items()):
        terminalreporter.write_line(f"{reason}  ({len(tests)})")
        for test in tests:
            terminalreporter.write_line(f"    {test}")
