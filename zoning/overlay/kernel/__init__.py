"""The fast exact engine: zones in flat arrays, areas and distances by compiled functions, without any overlay."""
