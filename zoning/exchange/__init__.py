"""Footprints written for others: coordinate TXT in the specified form, and the common formats of GIS and CAD."""
