"""The zoning from the other side: built, audited, compared, counted."""
