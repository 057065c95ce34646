"""Makes the demo of the desk: `cd scripts && python -m demo_mines --workspace DIR [--ledger FILE] [--rasters DIR]`.

Fills the register of a workspace that `zoning init` has made, writes the same parcels as an Excel ledger, and the
rasters. Two runs write the same parcels and histories.
"""

import argparse
import sys
import time
from pathlib import Path

from demo_mines.histories import TODAY
from demo_mines.parcels import demo_parcels
from demo_mines.register import KIND, fill_register
from zoning.cli.register_workbook import LedgerBook, ledger_workbook
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types


def main() -> int:
    """Fill a register, write a ledger, write rasters."""
    parser = argparse.ArgumentParser(description="make the demo of the mine-restoration desk")
    parser.add_argument("--workspace", type=Path, required=True, help="folder made by zoning init")
    parser.add_argument("--ledger", type=Path, help="write the parcels as an Excel ledger")
    parser.add_argument("--rasters", type=Path, help="write heights, land cover and NDVI into this folder")
    parser.add_argument("--no-pictures", action="store_true", help="attach no pictures")
    options = parser.parse_args()
    start, parcels = time.perf_counter(), demo_parcels()
    types = read_register_types(options.workspace)
    with open_store(str(options.workspace / "register.sqlite"), types, create=True) as store:
        deeds = fill_register(store, parcels, pictures=not options.no_pictures, told=_told)
        records = tuple(store.register(KIND).records())
    if options.ledger is not None:
        content, _ = ledger_workbook(LedgerBook(types[KIND], records, TODAY, "zh"))
        options.ledger.write_bytes(content)
    if options.rasters is not None:
        from demo_mines.rasters import write_rasters

        write_rasters(options.rasters, parcels)
    print(f"{len(parcels)} parcels, {deeds} deeds, {time.perf_counter() - start:.0f} s -> {options.workspace}")
    return 0


def _told(done: int, total: int) -> None:
    if done % 500 == 0 or done == total:
        print(f"{done} / {total}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
