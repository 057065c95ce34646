"""Layers that live in PostgreSQL with PostGIS: the same records as a file would give, or the reason why not."""
