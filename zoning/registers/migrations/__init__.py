"""How the tables of a register have changed: one file of `versions/` per revision, run by `migrating.py`."""
