"""What earlier runs measured: one line of JSON each, and a picture of the last."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.contest import TARGETS, Result
from bench.machine import description, load_average
from bench.peers.register import ENTRIES

FILE = Path(__file__).parent / "history" / "engine.jsonl"


def entry(result: Result, more: Mapping[str, Any], *, sites: int, fields: int, version: str) -> dict[str, Any]:
    """Return one run as a record; it names no machine and no folder."""
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "version": version,
        "sites": sites,
        "fields": fields,
        "machine": {**description(), "load": load_average()},
        **result.record(),
        **more,
    }


def append(record: Mapping[str, Any], file: Path = FILE) -> None:
    """Add a run to the history."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(record, sort_keys=True) + "\n")


def draw(result: Result, growth: Mapping[str, Mapping[int, float]], path: Path) -> None:
    """Draw how many times as long every peer takes, and how the time for one site grows."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    ours = median(result.seconds["ours"])
    names = [name for name in result.seconds if name != "ours" and not name.endswith("-1")]
    ratios = [median(result.seconds[name]) / ours for name in names]
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), dpi=120, width_ratios=(3, 2), layout="constrained")
    bars = left.barh([ENTRIES[name].title for name in names], ratios, color="#4c78a8")
    labels = [f"{ratio:.1f}x  ({ratio * ours:.1f} s)" for ratio in ratios]
    left.bar_label(bars, labels, padding=3)
    for place, name in enumerate(names):
        if name in TARGETS:
            left.plot([TARGETS[name]] * 2, [place - 0.4, place + 0.4], color="#e45756", linewidth=2)
    left.set(xlabel=f"times as long as ours ({ours:.2f} s); red: the target", xlim=(0, max(ratios) * 1.45))
    left.invert_yaxis()
    for way, by in growth.items():
        right.plot(list(by), list(by.values()), marker="o", label=way)
    right.set(xscale="log", xlabel="fields", ylabel="one warm site, ms")
    right.set_ylim(bottom=0)
    right.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)
