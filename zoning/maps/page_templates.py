"""The templates of pages: what they show is escaped, and a name that they are not given is an error."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def templates_in(home: Path | str) -> "Environment":
    """Return the templates that lie in a folder, or beside the modules of a package."""
    # Commands that write no page must not wait for it.
    from jinja2 import Environment, FileSystemLoader, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(home, ".") if isinstance(home, str) else FileSystemLoader(home),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
