"""What plans promise: the strict models of `plans/indicators/*.yaml`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.citations import Citation, Document
from zoning.errors import ContentError, every_mistake
from zoning.layers.catalogue import Catalogue
from zoning.mistakes import Key, Mistake
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import Problem, content_error, load, read_model

FOLDER = "plans/indicators"

Kind = Literal["binding", "expected"]
"""约束性, 预期性; a text without a table says neither."""
Sense = Literal["at-least", "at-most", "not-lower", "handed-down", "stated"]
"""How a target is meant.

at-least, at-most: than its value; not-lower: than the baseline; handed-down: the figure comes from the level above and
the document does not print it; stated: in words that no figure answers.
"""

UNITS_M2 = {"公顷": 1e4, "km²": 1e6, "万亩": 1e4 * 1e4 / 15, "亩": 1e4 / 15, "m²": 1.0}
"""Square metres of the units that areas are given in: 15 亩 are one hectare."""
SHARE_UNIT = "%"


class Printed(Content):
    """A figure of a document: as it is printed, and as a number where it is one."""

    year: int
    printed: str = ""
    value: float | None = None


class Target(Printed):
    """The figure that is to be reached."""

    sense: Sense

    @model_validator(mode="after")
    def _with_value(self) -> "Target":
        compared = self.sense in ("at-least", "at-most")
        if compared != (self.value is not None):
            raise Mistake(
                Text(
                    "at-least、at-most 要写数值 value，其余不写", "at-least and at-most need a 'value', the others none"
                ),
                ("value",) if self.value is not None else ("sense",),
            )
        return self


class Claim(Printed):
    """Another figure for the same thing, in the same document or in another one."""

    of: Literal["baseline", "target"]
    value: float
    citation: Citation
    note: Text


class Part(Content):
    """Zones that count: a layer, and of it the named classes; all where none is named."""

    layer: str
    classes: tuple[str, ...] = ()


class Measure(Content):
    """How layers answer: the area of the parts in the territory, or its share of the territory.

    Where parts overlap the land counts once. `note` says where this is not quite what the document means.
    """

    of: Literal["area", "share"]
    part: Annotated[tuple[Part, ...], Field(min_length=1)]
    note: Text | None = None


class Indicator(Content):
    """One promise of a plan; either layers answer it (`measure`), or it says what it needs (`needs`).

    Attributes
    ----------
    number
        In the table of the document; empty where it stands in the text.
    claims
        Figures that contradict, or repeat, those of `baseline` and `target`.
    """

    number: str = ""
    title: Text
    unit: str = ""
    kind: Kind | None = None
    baseline: Printed | None = None
    target: Target | None = None
    responsible: Text | None = None
    citation: Citation
    measure: Measure | None = None
    needs: Text | None = None
    claims: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def _answered(self) -> "Indicator":
        if (self.measure is None) == (self.needs is None):
            raise Mistake(
                Text(
                    "measure（由图层计算）和 needs（需要什么）须写一个，且只写一个",
                    "write either 'measure' (layers answer) or 'needs' (what it takes)",
                )
            )
        if self.measure is not None:
            allowed = (SHARE_UNIT,) if self.measure.of == "share" else tuple(UNITS_M2)
            if self.unit not in allowed:
                listed = ", ".join(allowed)
                raise Mistake(
                    Text(
                        f"单位“{self.unit}”不能由 {self.measure.of} 得出；可用：{listed}",
                        f"'{self.measure.of}' gives no '{self.unit}'; allowed: {listed}",
                    ),
                    ("unit",),
                )
        return self

    def said(self, of: Literal["baseline", "target"]) -> tuple[float, ...]:
        """Return every different figure that documents print for the baseline or the target, the own one first."""
        own = self.baseline if of == "baseline" else self.target
        values = [own.value] if own is not None and own.value is not None else []
        return tuple(dict.fromkeys([*values, *(claim.value for claim in self.claims if claim.of == of)]))


class Plan(Content):
    """The indicators of one document for one territory."""

    id: str
    title: Text
    document: str
    territory: str
    notes: tuple[Text, ...] = ()
    indicators: dict[str, Indicator]


def read_plans(root: Path, catalogue: Catalogue, documents: dict[str, Document]) -> list[Plan]:
    """Read the plans of a workspace, cross-checked against its layers and documents.

    A layer that the workspace does not have is no mistake: the indicator is then unknown.

    Raises
    ------
    ContentError
        With every mistake of every file.
    """
    plans: list[Plan] = []
    mistakes: list[ContentError] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        try:
            plan = read_model(path, Plan, id=path.stem)
            if problems := _problems(path, plan, catalogue, documents):
                raise content_error(problems, root)
        except ContentError as error:
            mistakes.append(error)
        else:
            plans.append(plan)
    if mistakes:
        raise every_mistake(error.text for error in mistakes)
    return plans


def _problems(path: Path, plan: Plan, catalogue: Catalogue, documents: dict[str, Document]) -> list[Problem]:
    file = load(path)
    found: list[Problem] = []
    cited: dict[Key, str] = {("document",): plan.document}
    for name, indicator in plan.indicators.items():
        cited[("indicators", name, "citation", "document")] = indicator.citation.document
        for number, claim in enumerate(indicator.claims):
            cited[("indicators", name, "claims", number, "citation", "document")] = claim.citation.document
        for number, part in enumerate(indicator.measure.part if indicator.measure else ()):
            layer = catalogue.layers.get(part.layer)
            unknown = [one for one in part.classes if layer is not None and one not in layer.classes]
            if layer is not None and unknown:
                listed = ", ".join(layer.classes)
                text = Text(
                    f"图层 {layer.id} 没有类别“{unknown[0]}”；可用：{listed}",
                    f"layer {layer.id} has no class '{unknown[0]}'; allowed: {listed}",
                )
                at: Key = ("indicators", name, "measure", "part", number, "classes")
                found.append(Problem(path, file.line(at), text))
    for key, document in cited.items():
        if document not in documents:
            text = Text(f"没有文件“{document}”", f"there is no document '{document}'")
            found.append(Problem(path, file.line(key), text))
    return found
