"""Registers of things that are followed for years: mine parcels, tailings ponds, river outlets, plots, problems.

A kind of register is content (`layers/registers/<type>.yaml`); the code is the same for all.
"""
