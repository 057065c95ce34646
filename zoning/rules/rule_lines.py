"""On which line of its file each part of a rule stands."""

from collections.abc import Iterator

from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Compare, Condition, Not, OneOf
from zoning.rules.places import Where
from zoning.rules.rule import Rule
from zoning.yaml_files import Key, YamlFile


def conditions_of(rule: Rule) -> Iterator[tuple[Key, Condition]]:
    """Yield the condition of a rule and those of its provisos, each with its place in the file."""
    if rule.when is not None:
        yield ("when",), rule.when
    for index, proviso in enumerate(rule.provisos):
        yield ("provisos", index, "when"), proviso.when


def leaves_of(rule: Rule) -> Iterator[tuple[Key, OneOf | Compare | AtPlace]]:
    """Yield every fact and place that the conditions of a rule ask for, each with its place in the file."""
    for key, condition in conditions_of(rule):
        yield from _leaves(key, condition)


def places_of(rule: Rule) -> Iterator[tuple[Key, Where]]:
    """Yield every place that a rule speaks of, also inside its conditions, with where it stands in the file."""
    for index, where in enumerate(rule.where):
        yield ("where", index), where
    for key, leaf in leaves_of(rule):
        if isinstance(leaf, AtPlace):
            yield key, leaf.where


def line_of(file: YamlFile, key: Key) -> int:
    """Return the line of a part of a rule; `where` and `citation` may be one table or a list of them."""
    if len(key) > 1 and isinstance(key[1], int) and key[:2] not in file.lines:
        key = (key[0], *key[2:])
    return file.line(key)


def _leaves(key: Key, condition: Condition) -> Iterator[tuple[Key, OneOf | Compare | AtPlace]]:
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _leaves(key, part)
    elif isinstance(condition, Not):
        yield from _leaves(key, condition.part)
    elif isinstance(condition, OneOf | Compare | AtPlace):
        yield (*key, *condition.at), condition
