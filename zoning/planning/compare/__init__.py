"""Two editions side by side: gained, lost and reclassified land, what must be kept, and the verdicts that change."""
