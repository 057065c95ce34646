"""Ledgers: tables and boundary files that bring records into a register, and those that take them out."""
