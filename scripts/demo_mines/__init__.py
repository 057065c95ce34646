"""A demo of the mine-restoration desk, made by code: parcels with histories, rasters with planted changes."""
