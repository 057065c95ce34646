"""Registers other than that of the cases: mine parcels, tailings ponds, river outlets, plots, problem lists."""
