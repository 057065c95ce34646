"""Pictures of a boundary as it was read: what was drawn, what became of it, and every fault with its number."""
