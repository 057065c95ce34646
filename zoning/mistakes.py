"""What an author of content wrote and cannot have meant, and the word that was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from zoning.texts import Text

Key = tuple[str | int, ...]
"""The place of an entry in a YAML file: keys of tables, numbers of list items."""


class Mistake(ValueError):  # noqa: N818 - a mistake of an author, collected and shown with its line
    """Something in a content file that cannot be meant, with its sentence in two languages.

    Attributes
    ----------
    at
        Where it stands below the entry that is being read.
    """

    def __init__(self, text: Text, at: Key = ()) -> None:
        super().__init__(text.en)
        self.text = text
        self.at = at


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word that was probably meant, None where none is near."""
    near = get_close_matches(word, list(allowed), n=1)
    return near[0] if near else None


def meant(word: str, allowed: Iterable[str]) -> Text:
    """Return the end of a sentence that asks for the nearest allowed word; empty where none is near.

    >>> meant("effcet", ["effect", "title"]).en
    " - did you mean 'effect'?"
    """
    near = nearest(word, allowed)
    return Text("", "") if near is None else Text(f"；是否想写“{near}”？", f" - did you mean '{near}'?")
