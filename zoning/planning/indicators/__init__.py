"""The indicators of the plans that layers can answer: definition, figures printed, figures measured."""
