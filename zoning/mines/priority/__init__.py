"""What to restore first: criteria, weights and phases are content (`mines/priority.yaml`)."""
