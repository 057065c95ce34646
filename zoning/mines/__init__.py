"""The mine-restoration desk: what to restore first, in which mode, at what cost, and whether it recovers."""
