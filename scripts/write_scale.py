"""Write the tables of docs/scale.md from docs/scale.json: scripts/write_scale.py [--check].

Measured figures come from scripts/measure_scale.py; what is reckoned follows from them by the formulas that the page
states. Only what stands between the marks of a table is replaced.
"""

import argparse
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE, FIGURES = ROOT / "docs" / "scale.md", ROOT / "docs" / "scale.json"

PROVINCES = 31
COUNTRY_FIELDS = 100_000_000
PROVINCE_FIELDS = 1_000_000
LOAD = 0.7
"""Part of the day that a core works: the rest is for starts, losses and nights without work."""

_DAY_S = 86_400.0
_MARK = re.compile(r"(<!-- table (?P<name>[a-z]+)\.(?P<language>zh|en) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Law:
    """How figures grow with the number of fields, from the smallest and the largest province that were measured.

    Attributes
    ----------
    site_ms, tenfold_ms
        Cost of a site in the largest, and what ten times as many fields add.
    base_mb, field_kb
        Prepared layers without farmland, and one field.
    base_s, field_ms
        Preparing the same.
    base_peak_mb, field_peak_kb
        Memory that preparing takes.
    rules_ms
        Cost of a site with the built-in rules and layers.
    """

    fields: int
    site_ms: float
    tenfold_ms: float
    base_mb: float
    field_kb: float
    base_s: float
    field_ms: float
    base_peak_mb: float
    field_peak_kb: float
    rules_ms: float

    @classmethod
    def of(cls, figures: dict[str, Any]) -> "Law":
        """Reckon the law from measured figures."""
        first, last = figures["growth"][0], figures["growth"][-1]
        more = last["fields"] - first["fields"]
        field_kb = (last["prepared_mb"] - first["prepared_mb"]) / more * 1000
        field_ms = (last["prepare_s"] - first["prepare_s"]) / more * 1000
        peak_kb = (last["prepare_peak_mb"] - first["prepare_peak_mb"]) / more * 1000
        decades = math.log10(last["fields"] / first["fields"])
        return cls(
            last["fields"],
            last["site_ms"],
            max(last["site_ms"] - first["site_ms"], 0.0) / decades,
            last["prepared_mb"] - field_kb * last["fields"] / 1000,
            field_kb,
            max(last["prepare_s"] - field_ms * last["fields"] / 1000, 0.0),
            field_ms,
            last["prepare_peak_mb"] - peak_kb * last["fields"] / 1000,
            peak_kb,
            figures["builtin"]["site_ms"],
        )

    def cost_ms(self, fields: float) -> float:
        """Return what a site costs one core with so many fields in a layer and all rules; an upper bound."""
        return self.site_ms + self.tenfold_ms * math.log10(fields / self.fields) + self.rules_ms

    def prepared_gb(self, fields: float, provinces: int) -> float:
        """Return the size of the prepared layers."""
        return (self.base_mb * provinces + self.field_kb * fields / 1000) / 1000

    def prepare_min(self, fields: float, provinces: int) -> float:
        """Return how long one core prepares them."""
        return (self.base_s * provinces + self.field_ms * fields / 1000) / 60

    def prepare_gb(self, fields: float) -> float:
        """Return the memory that preparing a layer with so many fields takes."""
        return (self.base_peak_mb + self.field_peak_kb * fields / 1000) / 1000

    def cores(self, sites_a_day: float, fields: float) -> int:
        """Return how many cores check so many sites every day."""
        return math.ceil(sites_a_day * self.cost_ms(fields) / 1000 / (_DAY_S * LOAD))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; figures stand to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _number(value: float, digits: int = 0) -> str:
    return f"{value:,.{digits}f}"


def measured(figures: dict[str, Any], language: str) -> str:
    """Return the table of what was measured at several numbers of fields."""
    head = {
        "zh": [
            "农田图斑",
            "源文件 MB",
            "预处理后 MB",
            "预处理 s",
            "预处理内存 MB",
            "每地块 ms",
            "启动 s",
            "进程内存 MB",
        ],
        "en": [
            "fields",
            "sources MB",
            "prepared MB",
            "preparing s",
            "its memory MB",
            "ms a site",
            "start s",
            "process MB",
        ],
    }[language]
    rows = [
        [
            _number(one["fields"]),
            _number(one["source_mb"]),
            _number(one["prepared_mb"]),
            _number(one["prepare_s"], 1),
            _number(one["prepare_peak_mb"]),
            _number(one["site_ms"], 1),
            _number(one["start_s"], 1),
            _number(one["worker_mb"]),
        ]
        for one in figures["growth"]
    ]
    builtin = figures["builtin"]
    name = {"zh": "内置工作空间，全部规则", "en": "built-in workspace, all rules"}[language]
    costs = [_number(builtin["site_ms"], 1), _number(builtin["start_s"], 1), _number(builtin["worker_mb"])]
    return table(head, [*rows, [name, "", "", "", "", *costs]])


def cluster(figures: dict[str, Any], language: str) -> str:
    """Return the table of workers on one computer; nothing where it was not measured."""
    found = figures.get("cluster")
    if found is None:
        return ""
    intro = {
        "zh": "同一台电脑上的集群（时钟时间，含传送；工作进程与客户端、调度器争用同样的核心）：",
        "en": "A cluster on the same computer (time of the clock, with all transfers; the workers share the cores with "
        "client and scheduler):",
    }[language]
    head = {"zh": ["运行方式", "每地块 ms", "倍数"], "en": ["how", "ms a site", "speed-up"]}[language]
    names = {
        "zh": ("单进程，无集群", "集群，1 个工作进程", "集群，2 个工作进程"),
        "en": ("one process, no cluster", "cluster, one worker", "cluster, two workers"),
    }[language]
    costs = (found["serial_ms"], found["one_ms"], found["two_ms"])
    rows = [
        [name, _number(cost, 1), _number(found["serial_ms"] / cost, 2)] for name, cost in zip(names, costs, strict=True)
    ]
    return f"{intro}\n\n{table(head, rows)}"


def reckoned(figures: dict[str, Any], language: str) -> str:
    """Return the table of what a province and the country need."""
    law = Law.of(figures)
    part_kb = figures["builtin"]["part_kb"]
    province, country = (PROVINCE_FIELDS, 1), (COUNTRY_FIELDS, PROVINCES)
    night = 100_000 * law.cost_ms(PROVINCE_FIELDS) / 1000 / 3600
    head = {"zh": ["", "一个省", "全国"], "en": ["", "a province", "the country"]}[language]
    names = {
        "zh": (
            "农田图斑",
            "每地块耗时上限 c，ms",
            "预处理图层 GB",
            "预处理，单核分钟",
            "整个农田图层一次预处理的内存 GB",
            "10 万地块，单核小时",
            "10 万地块，16 核小时",
            "每天 100 万地块所需核数",
            "每天 100 万地块的结果 GB",
        ),
        "en": (
            "fields of farmland",
            "cost of a site c at most, ms",
            "prepared layers, GB",
            "preparing, minutes of one core",
            "memory to prepare all fields as one layer, GB",
            "100,000 sites, hours of one core",
            "100,000 sites, hours of 16 cores",
            "cores for 1,000,000 sites a day",
            "results of 1,000,000 sites, GB",
        ),
    }[language]
    columns = [
        (
            _number(fields),
            _number(law.cost_ms(fields), 1),
            _number(law.prepared_gb(fields, provinces), 1),
            _number(law.prepare_min(fields, provinces), 1),
            _number(law.prepare_gb(fields), 1),
            _number(night * law.cost_ms(fields) / law.cost_ms(PROVINCE_FIELDS), 1),
            _number(night * law.cost_ms(fields) / law.cost_ms(PROVINCE_FIELDS) / 16, 2),
            _number(law.cores(1_000_000, fields)),
            _number(part_kb, 1),
        )
        for fields, provinces in (province, country)
    ]
    return table(head, [list(row) for row in zip(names, *columns, strict=True)])


def law(figures: dict[str, Any], language: str) -> str:
    """Return the table of the constants of the formulas."""
    found = Law.of(figures)
    head = {"zh": ["常数", "值", "来自"], "en": ["constant", "value", "from"]}[language]
    last, first = _number(figures["growth"][-1]["fields"]), _number(figures["growth"][0]["fields"])
    between = {"zh": f"{first} 与 {last} 图斑之差", "en": f"difference of {first} and {last} fields"}[language]
    largest = {"zh": f"{last} 图斑", "en": f"{last} fields"}[language]
    rules = {"zh": "内置工作空间", "en": "built-in workspace"}[language]
    rows = [
        ["c₀", f"{found.site_ms:.1f} ms", largest],
        ["g", f"{found.tenfold_ms:.2f} ms", between],
        ["r", f"{found.rules_ms:.1f} ms", rules],
        ["p₀", f"{found.base_mb:.0f} MB", between],
        ["b", f"{found.field_kb:.2f} kB", between],
        ["t₀", f"{found.base_s:.1f} s", between],
        ["t", f"{found.field_ms:.3f} ms", between],
        ["m₀", f"{found.base_peak_mb:.0f} MB", between],
        ["m", f"{found.field_peak_kb:.2f} kB", between],
    ]
    return table(head, rows)


TABLES: dict[str, Callable[[dict[str, Any], str], str]] = {
    "measured": measured,
    "cluster": cluster,
    "law": law,
    "reckoned": reckoned,
}


def page(text: str, figures: dict[str, Any]) -> str:
    """Return the page with its tables written anew."""
    return _MARK.sub(lambda found: found[1] + TABLES[found["name"]](figures, found["language"]) + found[4], text)


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description="write the tables of docs/scale.md from docs/scale.json")
    parser.add_argument("--check", action="store_true", help="compare with the page that is there; write nothing")
    options = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    wanted = page(text, json.loads(FIGURES.read_text(encoding="utf-8")))
    if not options.check:
        PAGE.write_text(wanted, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {'current' if text == wanted else 'differs' if options.check else 'written'}")
    return 1 if options.check and text != wanted else 0


if __name__ == "__main__":
    raise SystemExit(main())
