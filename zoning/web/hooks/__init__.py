"""Webhooks: other systems of the office are told of events, by messages that lie in the database until they arrive."""
