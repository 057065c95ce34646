"""A synthetic province, drawn by seeded chance: nine layers and sites of every kind, the same bytes on every run."""
