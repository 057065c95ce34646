"""Programs that start, overlay one site, and end: what a person waits for."""
