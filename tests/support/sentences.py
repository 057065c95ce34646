"""What the program says when it refuses something."""

from collections.abc import Callable

import pytest

from zoning.errors import ContentError, ZoningError


def said(call: Callable[[], object], kind: type[ZoningError] = ContentError) -> str:
    """Return the English sentence with which a call is refused; there is a Chinese one as well."""
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.text.zh
    return caught.value.text.en
