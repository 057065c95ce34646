"""Backups of a register with its files and the content of its workspace: made, verified, restored."""
