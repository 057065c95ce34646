"""The explained verdict as a document that can be handed in."""
