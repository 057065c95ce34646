"""HTML that stands as it is: our own files, and what was escaped while it was made."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup


def own_markup(text: str) -> "Markup":
    """Return text that is HTML already, so that a template does not escape it.

    Only for text of ours: files of the package, drawings, JSON made safe for a script. Never for what a user wrote.

    >>> own_markup("<b>3</b>")
    Markup('<b>3</b>')
    """
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - the one place; see above
