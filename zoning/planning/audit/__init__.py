"""The zoning proved consistent: what contradicts what, where, by how much, and what the documents say about it."""
