"""What a refusal says in Chinese and in English, be it an error of a command or a mistake of an author."""

from collections.abc import Callable

import pytest

from zoning.errors import ZoningError
from zoning.mistakes import Mistake


def both(call: Callable[[], object], kind: type[ZoningError | Mistake]) -> tuple[str, str]:
    """Return the sentences with which a call is refused; its error is of exactly this class."""
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    return caught.value.text.zh, caught.value.text.en
