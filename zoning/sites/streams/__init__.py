"""Boundary files that are read record by record, in memory that does not grow with their number."""
