"""Draws the built-in demo workspace from documented extents and areas; nothing in it is a legal boundary."""
