"""Parts -> the table in the order of the boundary file, slice by slice."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pyarrow as pa

from zoning.batch.blocks import TASKS_PER_BLOCK
from zoning.batch.folder import WorkFolder
from zoning.errors import ContentError

SLICE = 2_048
"""Rows that are written at once; rows of a group in GeoParquet."""


def merged(folder: WorkFolder, total: int) -> Iterator[pa.Table]:
    """Yield all rows of the parts in the order of the file, `SLICE` at a time.

    Raises
    ------
    ContentError
        When a part is damaged, or a record is missing.
    """
    begin = 1
    for _, numbers in groupby(sorted(folder.parts), lambda number: number // TASKS_PER_BLOCK):
        table = pa.concat_tables([folder.read(number) for number in numbers])
        found = np.asarray(table["number"])
        order = np.argsort(found, kind="stable")
        if not np.array_equal(found[order], np.arange(begin, begin + len(order))):
            raise _incomplete(folder)
        begin += len(order)
        for start in range(0, len(order), SLICE):
            yield table.take(order[start : start + SLICE]).combine_chunks()
    if begin - 1 != total:
        raise _incomplete(folder)


def _incomplete(folder: WorkFolder) -> ContentError:
    return ContentError(
        f"{folder.path}：其中的部分与边界文件的记录对不上；请加 --restart 从头开始",
        f"{folder.path}: the parts do not fit the records of the boundary file; begin anew with --restart",
    )
