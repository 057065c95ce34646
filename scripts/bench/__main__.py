"""The benchmarks: `python scripts/bench [short|whole|intake|engine]`."""

import sys
from pathlib import Path

# Started as a folder: its modules are imported as `bench`.
sys.path[0] = str(Path(__file__).resolve().parents[1])

if __name__ == "__main__":
    from bench.commands import main

    sys.exit(main(sys.argv[1:]))
