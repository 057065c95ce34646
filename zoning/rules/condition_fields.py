"""Conditions as fields of content."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict

from zoning.rules.conditions import Condition, parse_condition, strictly
from zoning.strict_models import Content


class ConditionalContent(Content):
    """Content with conditions among its fields."""

    model_config = ConfigDict(arbitrary_types_allowed=True)


def _condition(value: object) -> Condition:
    return value if isinstance(value, Condition) else parse_condition(value)


def _binding(value: object) -> Condition:
    return strictly(_condition(value), binds=True)


When = Annotated[Condition, BeforeValidator(_condition)]
"""A condition as people write it."""

BindingWhen = Annotated[Condition, BeforeValidator(_binding)]
"""A condition of a rule that binds; see `strictly`."""
