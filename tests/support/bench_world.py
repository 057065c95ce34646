"""A small synthetic province for the tests of the benchmark."""

from pathlib import Path

from bench.province.files import Province
from bench.province.layers import Size

SMALL = Size(2_000, share=0.1, columns=12, rows=8)
SITES = 300


def small_province(cache: Path) -> Province:
    """Return a province with some of everything, drawn into a folder."""
    return Province(cache, SMALL)
