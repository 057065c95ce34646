"""Where protected land changes: patches between two dates or along a series, never a verdict."""
