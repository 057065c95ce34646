"""Results that open coloured by decision: styles inside a GeoPackage."""

from contextlib import suppress
from datetime import date
from pathlib import Path

from zoning.batch.overview.wording import WORDS
from zoning.batch.sinks import TABLE
from zoning.errors import ContentError
from zoning.maps.qgis.geopackage import StyledTable, style_geopackage
from zoning.styles.drawing import verdict_drawing
from zoning.styles.stylebook import Outcomes
from zoning.texts import Language

_FIELD = "decision"
_LANGUAGES: tuple[Language, ...] = ("en", "zh")  # the last one becomes the default


def colour_by_decision(path: Path, outcomes: Outcomes, on: date) -> None:
    """Put a style in each language into the table of results, which holds polygons; the Chinese one is the default.

    What is in the file does not depend on the language of the run: the same results give the same bytes.

    Raises
    ------
    OSError
        When it cannot be written.
    ContentError
        When it is no GeoPackage with such a table.
    """
    # The journal of a run that was killed here would be played back into the copy.
    for left in path.parent.glob(f".{path.name}.styled*"):
        left.unlink()
    styles = []
    for language in _LANGUAGES:
        title, others = WORDS["decisions"].get(language), WORDS["refused"].get(language)
        drawing = verdict_drawing(outcomes, language, field=_FIELD, title=title, others=others)
        styles.append(StyledTable(TABLE, drawing, title))
    try:
        style_geopackage(path, styles, on.isoformat())
    except ContentError as error:
        with suppress(OSError):
            path.unlink()
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from error
        raise
