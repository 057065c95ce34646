"""In which order files of tests are begun, and how long each took: a long one that is begun late is waited for.

A file is the unit of work (`scripts/check`). The list is kept by hand: a full run prints at its end the files that took
longest, and which of them were not begun early.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import pytest

LONGEST_FIRST = (
    "tests/packaging/test_readme_planning.py",
    "tests/unit/test_cli_robustness.py",
    "tests/unit/test_cli_commands.py",
    "tests/packaging/test_readme_commands.py",
    "tests/web_server/test_browser_check.py",
    "tests/web_server/test_editions.py",
    "tests/web_server/test_security_input.py",
    "tests/web_server/test_browser_layers.py",
    "tests/web_server/test_faults_process.py",
    "tests/web_server/test_browser_accounts.py",
    "tests/property/test_adversary_metamorphic.py",
    "tests/web_server/test_check_pages.py",
    "tests/unit/test_advice_soak.py",
    "tests/unit/test_sites_streaming_corpus.py",
    "tests/web/test_zoning_painter.py",
    "tests/intake/test_same_parcel.py",
    "tests/property/test_slow_oracle.py",
    "tests/web_server/test_browser_cases.py",
    "tests/spec/test_missing_layers.py",
    "tests/web/test_zoning_large.py",
    "tests/unit/test_ledger_export.py",
    "tests/packaging/test_docs_site.py",
    "tests/web_server/test_workers_real.py",
    "tests/web/test_batch_overview_browser.py",
    "tests/unit/test_rules_two_territories.py",
    "tests/web/test_site_products_browser.py",
    "tests/web_server/test_walk_of_a_new_user.py",
    "tests/web/test_web_map_browser.py",
    "tests/unit/test_advice_command.py",
    "tests/unit/test_audit_command.py",
    "tests/unit/test_postgis_batch.py",
    "tests/unit/test_batch_cluster.py",
    "tests/unit/test_cli_map_products.py",
    "tests/unit/test_batch_command.py",
    "tests/web_server/test_without_network.py",
    "tests/web_server/test_api_fuzz.py",
    "tests/unit/test_bench_peers.py",
    "tests/web_server/test_browser_parcels.py",
    "tests/web_server/test_recheck.py",
    "tests/unit/test_mines_mode_law.py",
)
SHOWN = 40


def file_of(nodeid: str) -> str:
    """Return the file of a test."""
    return nodeid.partition("::")[0]


def put_longest_first(items: list[pytest.Item]) -> None:
    """Sort tests: files of the list, then those with many tests; the order inside a file stays."""
    place = {file: number for number, file in enumerate(LONGEST_FIRST)}
    count = Counter(file_of(item.nodeid) for item in items)

    def key(item: pytest.Item) -> tuple[int, int, str]:
        file = file_of(item.nodeid)
        return place.get(file, len(place)), -count[file], file

    items.sort(key=key)


def seconds_of_files(reports: Iterable[object]) -> dict[str, float]:
    """Return how long the tests of each file took, with what was set up for them; the longest first."""
    found: defaultdict[str, float] = defaultdict(float)
    for report in reports:
        if isinstance(report, pytest.TestReport):
            found[file_of(report.nodeid)] += report.duration
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def lines_of(seconds: dict[str, float], known: Sequence[str] = LONGEST_FIRST) -> list[str]:
    """Return the table of the files that took longest.

    >>> lines_of({"tests/test_a.py": 61.2, "tests/test_b.py": 3.0}, ["tests/test_a.py"])
    ['   61.2  tests/test_a.py', '    3.0  tests/test_b.py  (not begun early)', '   64.2  in all, on all processes']
    """
    shown = list(seconds.items())[:SHOWN]
    told = [f"{taken:7.1f}  {file}{'' if file in known else '  (not begun early)'}" for file, taken in shown]
    return [*told, f"{sum(seconds.values()):7.1f}  in all, on all processes"]
