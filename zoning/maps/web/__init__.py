"""The interactive map of a territory: one HTML file that asks for nothing, with every zone in it."""
