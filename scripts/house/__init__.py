"""The house rules as figures: what scripts/measure_house.py measures, one module for each kind of measure."""
