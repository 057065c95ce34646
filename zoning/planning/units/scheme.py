"""What units are put together from: the strict model of `plans/*.yaml`."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from zoning.citations import Citation
from zoning.layers.catalogue import Catalogue
from zoning.mistakes import Mistake
from zoning.quantities import parse_area
from zoning.texts import Text
from zoning.yaml_files import read_model

Area = Annotated[float, BeforeValidator(lambda text: parse_area(text) if isinstance(text, str) else text), Field(ge=0)]


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Member(_Content):
    """A layer whose zones belong to a class of units; `classes`: only these of it."""

    layer: str
    classes: tuple[str, ...] = ()


class UnitClass(_Content):
    """One class of units.

    `digit` stands in the codes; the members are named in the order in which they name a unit.
    """

    digit: Annotated[int, Field(ge=1, le=3)]
    citation: Citation | None = None
    members: tuple[Member, ...]


class Scheme(_Content):
    """How units are made.

    Attributes
    ----------
    units
        The layer that the units become an edition of: its classes are named, and its older codes are kept.
    split_by
        The layer whose zones no unit crosses; None: units are not split.
    separate_members
        Whether each kind of member (red line, water source ...) makes units of its own; else one per class and part.
    minimum
        Pieces below this area join a neighbour; 0: none does.
    classes
        The strictest first. The last has no members: it takes what is left.
    """

    id: str
    title: Text
    units: str
    split_by: str | None = None
    separate_members: bool = False
    minimum: Area = 0.0
    classes: dict[str, UnitClass]
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "Scheme":
        empty = [name for name, found in self.classes.items() if not found.members]
        if not self.classes or empty != [list(self.classes)[-1]]:
            raise Mistake(
                Text(
                    "最后一类（兜底）不写成员 members，其余各类都要写",
                    "the last class takes what is left and has no 'members'; all others have some",
                ),
                ("classes",),
            )
        digits = [found.digit for found in self.classes.values()]
        if len(set(digits)) != len(digits):
            raise Mistake(Text("两个类别的 digit 相同", "two classes have the same 'digit'"), ("classes",))
        return self

    def mistakes(self, catalogue: Catalogue) -> list[Text]:
        """Return what does not fit the layers of a workspace."""
        found = [_no_layer(self.id, name) for name in self._layers if name not in catalogue.layers]
        if self.units in catalogue.layers:
            known = catalogue[self.units].classes
            found += [_no_class(self.id, self.units, name) for name in self.classes if name not in known]
        for members in (unit.members for unit in self.classes.values()):
            for member in members:
                if member.layer in catalogue.layers:
                    known = catalogue[member.layer].classes
                    found += [_no_class(self.id, member.layer, name) for name in member.classes if name not in known]
        return found

    @property
    def _layers(self) -> list[str]:
        members = [member.layer for unit in self.classes.values() for member in unit.members]
        named = [self.units, *([self.split_by] if self.split_by else []), *members]
        return list(dict.fromkeys(named))


def _no_layer(scheme: str, layer: str) -> Text:
    return Text(f"plans/{scheme}.yaml：没有图层“{layer}”", f"plans/{scheme}.yaml: there is no layer '{layer}'")


def _no_class(scheme: str, layer: str, name: str) -> Text:
    return Text(
        f"plans/{scheme}.yaml：图层 {layer} 没有类“{name}”", f"plans/{scheme}.yaml: layer {layer} has no class '{name}'"
    )


def read_scheme(path: Path) -> Scheme:
    """Read the composition of units, such as `plans/management-units.yaml`.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, Scheme, id=path.stem)
