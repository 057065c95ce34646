"""Options that say an area or a length with its unit: "30mu", "500m2", "5km"."""

from collections.abc import Callable

from zoning.errors import UsageError


def quantity(option: str, text: str, parse: Callable[[str], float]) -> float:
    """Return what an option says, as `parse` reads it.

    Raises
    ------
    UsageError
        With the name of the option, when it cannot be read.
    """
    from zoning.mistakes import Mistake

    try:
        return parse(text)
    except Mistake as mistake:
        raise UsageError(f"{option}：{mistake.text.zh}", f"{option}: {mistake.text.en}") from mistake
