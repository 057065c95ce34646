"""Cases: registered, checked, discussed, decided, and checked again when layers or rules change."""
