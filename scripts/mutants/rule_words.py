"""The words that a change of a rule may put in: classes of layers, answers of facts, figures beside a figure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zoning.layers.catalogue import Catalogue
from zoning.rules.facts import Vocabulary

_FEW = 12
_FIGURE = re.compile(r"^(?P<number>-?\d+(?:\.\d+)?)(?P<unit>.*)$")
_HAIR = 0.001


@dataclass(frozen=True)
class Words:
    """What the workspace knows of layers and facts."""

    vocabulary: Vocabulary
    catalogue: Catalogue

    def classes(self, layer: str) -> tuple[str, ...]:
        """Return the classes of a layer."""
        return tuple(self.catalogue.layers[layer].classes)

    def is_yes_no(self, fact: str) -> bool:
        """Tell whether a fact is answered by yes or no."""
        return self.vocabulary.facts[fact].kind == "yes_no"

    def beside(self, fact: str, listed: Sequence[str]) -> tuple[str, ...]:
        """Return words that a list of answers lacks: all of a short list, of a long one what stands beside its last.

        A word that a group of the list stands for is not lacking.
        """
        known = tuple(self.vocabulary.facts[fact].values)
        groups = self.vocabulary.groups(fact)
        held = {word for name in listed for word in groups.get(name, (name,))}
        free = [word for word in known if word not in held]
        if len(known) <= _FEW or not free:
            return tuple(free)
        last = max((known.index(word) for word in held if word in known), default=0)
        return (next((word for word in free if known.index(word) > last), free[0]),)


def hair_off(figure: str) -> Iterator[str]:
    """Yield a figure a thousandth larger and smaller, with its unit; nothing where it is the name of a value.

    >>> list(hair_off("1 km"))
    ['1.001 km', '0.999 km']
    """
    found = _FIGURE.match(figure.strip())
    if found is not None:
        number = float(found["number"])
        step = abs(number) * _HAIR or _HAIR
        for other in (number + step, number - step):
            yield f"{other:.9g}{found['unit']}"
