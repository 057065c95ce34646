"""Processes that read files of strangers and compute: warm, bounded, replaced when they die."""
