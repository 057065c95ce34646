"""Write docs/benchmarks.md and its English twin from the history: scripts/write_benchmarks.py [--check].

The newest run of every benchmark counts. Only what stands between the marks of a page is replaced.
"""

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from bench.peers.register import ENTRIES

ROOT = Path(__file__).resolve().parents[1]
HISTORY = ROOT / "scripts" / "bench" / "history"
PAGES = {"zh": ROOT / "docs" / "benchmarks.md", "en": ROOT / "docs" / "benchmarks.en.md"}
ORDER = ("whole", "intake", "page", "compare", "units", "audit", "advise", "sight", "zonal")
SLOWER = 1.05
_MARK = re.compile(r"(<!-- figures (?P<name>[a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_WORDS = {
    "zh": ("机器", "核", "内存", "负载", "版本", "日期（UTC）", "命令"),
    "en": ("Machine", "cores", "memory", "load", "version", "date (UTC)", "command"),
}


def newest(file: Path) -> dict[str, dict[str, Any]]:
    """Return the newest run of every benchmark in a file of the history, by name; "" where runs have none."""
    if not file.is_file():
        return {}
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return {str(record.get("name", "")): record for record in records}


def measured_on(record: Mapping[str, Any], command: str, language: str) -> str:
    """Return machine, date and command of a run, as one paragraph."""
    words, machine = _WORDS[language], record["machine"]
    computer = (
        f"{machine['processor']}",
        f"{machine['cores']} {words[1]}",
        f"{words[2]} {machine['memory_gb']} GB",
        f"{machine['system']}",
        f"Python {machine['python']}",
        f"GEOS {machine['geos']}",
        f"{words[3]} {machine['load']}",
    )
    parts = (
        f"{words[0]} {', '.join(computer)}",
        f"{words[4]} {record['version']}",
        f"{words[5]} {record['when']}",
        f"{words[6]} `{command}`",
    )
    return "; ".join(parts) + ("。" if language == "zh" else ".")


def printed(language: str) -> str:
    """Return what each benchmark printed, with where and when."""
    found = newest(HISTORY / "printed.jsonl")
    blocks = []
    for name in ORDER:
        if name in found:
            record = found[name]
            lines = "\n".join(record["lines"])
            blocks.append(
                f"### {name}\n\n{measured_on(record, record['command'], language)}\n\n```text\n{lines}\n```\n"
            )
    return "\n".join(blocks)


def pairs(language: str) -> str:
    """Return the table of the commands measured in turn with an earlier commit; the newest run of each counts."""
    file = HISTORY / "pairs.jsonl"
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    against = records[-1]["against"]
    rows: dict[str, Mapping[str, Any]] = {}
    for record in records:
        if record["against"] == against:
            rows |= {pair["name"]: pair for pair in record["pairs"]}
    title = {
        "zh": ("命令", "之前（秒）", "现在（秒）", "时间之比", "处理器时间之比"),
        "en": ("command", "before (s)", "now (s)", "ratio of times", "ratio of processor times"),
    }
    body = [
        (
            pair["name"],
            f"{pair['then_s']:.2f}",
            f"{pair['now_s']:.2f}",
            f"{pair['ratio']:.2f}",
            f"{pair['cpu_ratio']:.2f}",
        )
        for pair in rows.values()
    ]
    place = measured_on(records[-1], f"python scripts/bench pairs {against}", language)
    return f"{place}\n\n{_table(title[language], body)}\n"


def workbench(language: str) -> str:
    """Return the figures of the office at work."""
    record = newest(HISTORY / "workbench.jsonl")[""]
    title = {"zh": ("什么", "数值"), "en": ("what", "figure")}
    words = {
        "zh": (
            *("同时在用的人", "持续", "检查次数", "一次检查，第 95 百分位"),
            *("页面数", "一页，第 95 百分位", "出错", "末尾与第二分钟的内存之比"),
        ),
        "en": (
            *("people at work", "for", "checks", "a check, 95th percentile"),
            *("pages", "a page, 95th percentile", "errors", "memory at the end over that of the second minute"),
        ),
    }
    figures = (
        f"{record['users']}",
        f"{record['seconds']} s",
        f"{record['checks']:,}",
        f"{record['check_s']:.2f} s",
        f"{record['pages']:,}",
        f"{record['page_s']:.2f} s",
        f"{record['errors']}",
        f"{record['growth']:.2f}",
    )
    place = measured_on(record, "python scripts/bench workbench", language)
    return f"{place}\n\n{_table(title[language], list(zip(words[language], figures, strict=True)))}\n"


def engine(language: str) -> str:
    """Return how long the engine and its peers took for the same overlay."""
    record = newest(HISTORY / "engine.jsonl")[""]
    ours = float(record["overlay_s"]["ours"])
    title = {
        "zh": ("谁", "秒", "是本引擎的几倍", "错的对数"),
        "en": ("who", "seconds", "times as long as this engine", "wrong pairs"),
    }
    wrong = {"ours": record["ours_wrong"], **record["peers_wrong"]}
    rows = [
        (ENTRIES[name].title, f"{seconds:.2f}", f"{seconds / ours:.1f}", f"{wrong[name]} / {record['pairs']:,}")
        for name, seconds in sorted(record["overlay_s"].items(), key=itemgetter(1))
    ]
    place = measured_on(record, "python scripts/bench engine", language)
    return f"{place}\n\n{_table(title[language], rows)}\n"


def _table(title: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [title, ["---"] * len(title), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def page(text: str, language: str) -> str:
    """Return a page with its figures anew."""
    made = {"printed": printed, "pairs": pairs, "workbench": workbench, "engine": engine}
    return _MARK.sub(lambda found: f"{found[1]}\n{made[found['name']](language)}\n{found[3]}", text)


def main() -> int:
    """Write or check the pages."""
    parser = argparse.ArgumentParser(description="write the figures of docs/benchmarks.md from the history")
    parser.add_argument("--check", action="store_true", help="compare with the pages that are there; write nothing")
    options = parser.parse_args()
    differ = False
    for language, path in PAGES.items():
        text = path.read_text(encoding="utf-8")
        wanted = page(text, language)
        differ = differ or text != wanted
        if not options.check:
            path.write_text(wanted, encoding="utf-8")
    print("current" if not differ else "differs" if options.check else "written")
    return 1 if options.check and differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
