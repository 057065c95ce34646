"""What a report of an office says beside the findings: the strict model of `maps/report.yaml`."""

from pathlib import Path

from zoning.rules.access.words import Dimension
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model


class Element(Content):
    """One thing that a part or the list of protected areas looks at, and the layers that can answer for it.

    Without layers nobody can answer: the report then says that there is no data, never that nothing is there.
    """

    title: Text
    layers: tuple[str, ...] = ()
    note: Text | None = None


class Part(Content):
    """One of the four parts: red line, bottom line, upper limit, list.

    `dimensions` are the dimensions of the access lists whose clauses speak of it.
    """

    title: Text
    elements: tuple[Element, ...] = ()
    dimensions: tuple[Dimension, ...] = ()


class ReportContent(Content):
    """The report.

    Attributes
    ----------
    template, word_template
        The page for HTML and PDF, and the document for Word, beside this file.
    points
        So many boundary points stand in the first section; more go to an annex.
    place_layers
        Layers whose zones tell where the site lies (townships).
    hidden_layers
        Layers that every site lies in: they are not listed.
    """

    id: str
    folder: Path
    title: Text
    subtitle: Text
    template: str
    word_template: str
    points: int = 16
    place_layers: tuple[str, ...] = ()
    hidden_layers: tuple[str, ...] = ()
    parts: tuple[Part, ...]
    protected: tuple[Element, ...]


def read_report_content(path: Path) -> ReportContent:
    """Read `maps/report.yaml`.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, ReportContent, id=path.stem, folder=path.parent)
