"""Long works of people: command lines in folders of their own, with progress and results."""
