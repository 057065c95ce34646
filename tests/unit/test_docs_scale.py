"""docs/scale.md: its tables follow from the measured figures, its text from the code."""

import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from zoning.batch import blocks, cluster_content, cluster_session
from zoning.batch.cluster import Dask
from zoning.batch.cluster_environment import environment

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import write_scale  # noqa: E402 - programs are no package

TEXT = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
ZH, EN = TEXT.split('<a id="en"></a>')
BOTH = pytest.mark.parametrize("part", [ZH, EN], ids=["zh", "en"])


def grown(number: int, prepared_mb: float, prepare_s: float, site_ms: float) -> dict[str, float]:
    one = {"fields": number, "prepared_mb": prepared_mb, "prepare_s": prepare_s, "site_ms": site_ms}
    peak = {"prepare_peak_mb": 500.0 + number * 0.002}
    return {**one, **peak, "source_mb": 1.0, "start_s": 2.0, "worker_mb": 300.0, "part_kb": 2.0}


TOY: dict[str, Any] = {
    "growth": [grown(10_000, 110.0, 12.0, 8.0), grown(1_000_000, 1_100.0, 111.0, 10.0)],
    "builtin": {"site_ms": 5.0, "start_s": 3.0, "worker_mb": 250.0, "part_kb": 2.5},
    "cluster": {"serial_ms": 10.0, "one_ms": 11.0, "two_ms": 5.5, "speed_up": 1.82},
}


def test_the_law_is_that_of_the_page() -> None:
    law = write_scale.Law.of(TOY)
    assert law.field_kb == pytest.approx((1_100 - 110) / 990)
    assert law.base_mb == pytest.approx(1_100 - 1_000)
    assert law.field_ms == pytest.approx((111 - 12) / 990)
    assert law.base_s == pytest.approx(111 - 100)
    assert law.tenfold_ms == pytest.approx((10 - 8) / 2)
    assert law.cost_ms(100_000_000) == pytest.approx(10 + 2 * 1 + 5)
    assert law.prepared_gb(100_000_000, 31) == pytest.approx((31 * 100 + 100_000) / 1000)
    assert law.prepare_min(100_000_000, 31) == pytest.approx((31 * 11 + 10_000) / 60)
    assert law.prepare_gb(100_000_000) == pytest.approx(0.5 + 200)
    # 1,000,000 sites of 17 ms in 0.7 days of 86,400 s
    assert law.cores(1_000_000, 100_000_000) == 1
    assert law.cores(10_000_000, 100_000_000) == 3


def test_a_cost_that_falls_by_chance_does_not_fall_for_ever() -> None:
    luck = {**TOY, "growth": [grown(10_000, 110.0, 12.0, 12.0), TOY["growth"][1]]}
    assert write_scale.Law.of(luck).cost_ms(100_000_000) == pytest.approx(10 + 5)


@pytest.mark.parametrize("name", write_scale.TABLES)
def test_every_table_stands_on_the_page_in_both_languages(name: str) -> None:
    for language in ("zh", "en"):
        assert f"<!-- table {name}.{language} -->" in TEXT
        lines = write_scale.TABLES[name](TOY, language).splitlines()
        head, line, *rows = (line for line in lines if line.startswith("|"))
        assert rows
        assert {row.count("|") for row in (head, line, *rows)} == {head.count("|")}


def test_the_page_is_current() -> None:
    figures = json.loads((ROOT / "docs" / "scale.json").read_text(encoding="utf-8"))
    assert write_scale.page(TEXT, figures) == TEXT, "run scripts/write_scale.py"
    assert write_scale.page(TEXT, TOY) != TEXT


def test_what_was_not_measured_is_left_out() -> None:
    assert write_scale.cluster({**TOY, "cluster": None}, "en") == ""


@BOTH
def test_what_is_compared_is_named(part: str) -> None:
    for name, _ in environment().entries:
        if name not in ("code", "machine", "calculation"):
            assert name in part, name


@BOTH
def test_constants_are_those_of_the_code(part: str) -> None:
    assert f"{blocks.BLOCK:,}" in part
    assert f" {blocks.TASK} " in part
    assert f" {cluster_content.CHUNK // 1024 // 1024} MB" in part
    assert ("三个任务" in part) or ("three tasks per worker" in part)
    assert cluster_session._AHEAD == 3
    patience = next(field.default for field in fields(Dask) if field.name == "patience_s")
    assert patience == 5 * 60
    assert ("等五分钟" in part) or ("waits five minutes" in part)
    assert cluster_content._KEPT_DAYS == 30
    assert ("三十天" in part) or ("thirty days" in part)


def test_every_fence_says_what_it_holds() -> None:
    fences = [line for line in TEXT.splitlines() if line.startswith("```")]
    assert fences[::2] == ["```text"] * (len(fences) // 2)
    assert fences[1::2] == ["```"] * (len(fences) // 2)
    written = "".join(write(TOY, language) for write in write_scale.TABLES.values() for language in ("zh", "en"))
    assert "```" not in written
