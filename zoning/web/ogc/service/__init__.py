"""The OGC services themselves; imported when somebody asks for them for the first time, not when the server starts."""
