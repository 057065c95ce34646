"""Changes of code that tests should notice."""
