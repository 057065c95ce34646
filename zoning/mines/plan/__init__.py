"""The printable plan: which parcels first, restored how, at what cost, by when, and what is still open."""
