"""The figures of a rule under `values:`: each must be what the conditions that name it compare with."""

from collections.abc import Callable, Iterator

from zoning.quantities import parse_area, parse_length
from zoning.rules.conditions import Compare
from zoning.rules.places import parse_share
from zoning.rules.rule import Rule
from zoning.rules.rule_lines import leaves_of, places_of
from zoning.rules.word_mistakes import is_number
from zoning.yaml_files import Mistake
from zoning.yaml_wording import no_number

_READERS: dict[str, Callable[[str], float]] = {
    "distance": parse_length,
    "length": parse_length,
    "area": parse_area,
    "share": parse_share,
}


def figure_mistakes(rule: Rule) -> list[Mistake]:
    """Return the figures that cannot be read as what they are compared with, each with its place in the file."""
    found: dict[tuple[str, str], Mistake] = {}
    for name, read in _named(rule):
        for day, value in rule.values[name].in_force.items():
            try:
                read(value.value)
            except Mistake as mistake:
                at = ("values", name, "in_force", day.isoformat(), "value")
                found.setdefault((name, day.isoformat()), Mistake(mistake.text, at))
    return list(found.values())


def _named(rule: Rule) -> Iterator[tuple[str, Callable[[str], float]]]:
    for _, leaf in leaves_of(rule):
        if isinstance(leaf, Compare) and leaf.limit in rule.values:
            yield leaf.limit, _number
    for _, where in places_of(rule):
        for quantity, band, _ in where.bands():
            for _, limit in band.limits():
                if limit in rule.values:
                    yield limit, _READERS[quantity]


def _number(text: str) -> float:
    if not is_number(text):
        raise Mistake(no_number(text))
    return float(text)
