"""What is wrong with a boundary as it was drawn, where, and what its repair changed: counts, faults, pictures."""
