"""Management units and land zones: a territory divided without gap and without overlap."""
