"""What could be done instead: what is left of a site, where it would fit, which place is best."""
