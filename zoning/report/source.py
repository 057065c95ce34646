"""What a report is made from, and the words of its language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zoning.check import Examination
from zoning.layers.catalogue import Catalogue
from zoning.maps.made import Made
from zoning.report.content import ReportContent
from zoning.report.document import Picture
from zoning.rules.rulebook import Rulebook
from zoning.rules.verdict import LayerEntry, Verdict
from zoning.styles.stylebook import Outcomes
from zoning.texts import Language, Text


@dataclass(frozen=True, slots=True)
class WorkspaceParts:
    """The parts of a workspace that a report speaks of.

    Attributes
    ----------
    territories
        Code -> name.
    outcomes
        Words, colours and signs of the decisions.
    """

    catalogue: Catalogue
    rulebook: Rulebook
    territories: Mapping[str, Text]
    content: ReportContent
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Source:
    """One examined site with everything that its report is made from.

    Attributes
    ----------
    maps
        The maps of the annex; none: the annex says where maps are to be had.
    facts_from
        Fact -> where it comes from; the applicant told those that are not in it.
    """

    examination: Examination
    parts: WorkspaceParts
    language: Language
    made: Made
    applicant: str = ""
    maps: tuple[Picture, ...] = field(default=())
    facts_from: Mapping[str, Text] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """What was found."""
        return self.examination.verdict

    def say(self, text: Text) -> str:
        """Return a text in the language of the report."""
        return text.get(self.language)

    def join(self, texts: Iterable[str]) -> str:
        """Return a list in a sentence."""
        return ("、" if self.language == "zh" else ", ").join(texts)

    def sentences(self, texts: Iterable[Text]) -> str:
        """Return sentences one after the other."""
        return ("；" if self.language == "zh" else "; ").join(self.say(text) for text in texts)

    def label(self, name: str, value: str) -> str:
        """Return `name: value` with the colon of the language."""
        return f"{name}{'：' if self.language == 'zh' else ': '}{value}"

    def aside(self, text: str) -> str:
        """Return a text in the brackets of the language."""
        return f"（{text}）" if self.language == "zh" else f" ({text})"

    @property
    def layers(self) -> tuple[LayerEntry, ...]:
        """What the verdict says of the layers, without those that every site lies in."""
        hidden = self.parts.content.hidden_layers
        return tuple(entry for entry in self.verdict.layers if entry.layer not in hidden)

    def layer(self, layer_id: str) -> LayerEntry | None:
        """Return what the verdict says of a layer; None where the workspace has none of that name."""
        return next((entry for entry in self.verdict.layers if entry.layer == layer_id), None)

    def is_line(self, layer_id: str) -> bool:
        """Tell whether the zones of a layer are lines."""
        layer = self.parts.catalogue.layers.get(layer_id)
        return layer is not None and layer.geometry == "line"
