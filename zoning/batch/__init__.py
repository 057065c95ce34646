"""Many sites at once: read block by block, checked in parallel, written row by row, resumed after an interruption."""
