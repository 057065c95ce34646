"""Grids of cells that field work is divided by."""
