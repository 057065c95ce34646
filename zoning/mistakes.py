"""What an author of content wrote and cannot have meant, and the word that was probably meant."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from zoning.texts import Text

# What stands between the user and the last @ of an address, and what a query calls a password.
_PASSWORD = re.compile(r"(?P<user>\w{2,}://[^\s:@/]*):[^\s]*@|(?P<name>password\s*[=:：]\s*)[^\s&'\"”]+", re.IGNORECASE)

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


def without_passwords(text: str) -> str:
    """Return a sentence in which the passwords of addresses cannot be read.

    >>> without_passwords("source：postgresql://reader:secret@host/land")
    'source：postgresql://reader:***@host/land'
    """
    return _PASSWORD.sub(lambda found: f"{found['user']}:***@" if found["user"] else f"{found['name']}***", text)
