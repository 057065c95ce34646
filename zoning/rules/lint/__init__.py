"""What a rule base says without meaning it: rows nobody reaches, gaps, contradictions, what expired or is missing."""
