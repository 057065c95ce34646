"""Makes the built-in demo workspace's data: `python scripts/make_demo_data.py [--out DIR] [--check]`.

Everything is drawn from documented extents and areas with fixed random numbers: two runs give the same bytes.
"""

import argparse
import hashlib
import sys
import tempfile
import time
from pathlib import Path

from demo_data.atlas import write_all

ROOT = Path(__file__).resolve().parent.parent


def _digests(paths: list[Path], root: Path) -> dict[str, str]:
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


def _check(root: Path) -> int:
    """Draw everything anew and compare it with the files below `root`, byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = _digests(write_all(Path(folder)), Path(folder))
    kept = {name: root / name for name in fresh}
    differing = [n for n, p in kept.items() if not p.exists() or hashlib.sha256(p.read_bytes()).hexdigest() != fresh[n]]
    for name in differing:
        print(f"differs: {name}", file=sys.stderr)
    print(f"{len(fresh) - len(differing)} of {len(fresh)} files are the same")
    return 1 if differing else 0


def main() -> int:
    """Write or check the demo data."""
    parser = argparse.ArgumentParser(description="make the schematic demo data")
    parser.add_argument("--out", type=Path, default=ROOT, help="folder that holds layers/ and maps/")
    parser.add_argument("--check", action="store_true", help="compare with the files that are there; write nothing")
    options = parser.parse_args()
    if options.check:
        return _check(options.out)
    start = time.perf_counter()
    paths = write_all(options.out)
    size = sum(path.stat().st_size for path in paths) / 1e6
    print(f"{len(paths)} files, {size:.1f} MB, {time.perf_counter() - start:.0f} s -> {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
