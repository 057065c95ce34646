"""Site selection: the best places for an area of a given size and width."""
