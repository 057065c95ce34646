"""What units are put together from: the strict model of `plans/*.yaml`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.citations import Citation
from zoning.layers.catalogue import Catalogue
from zoning.mistakes import Mistake
from zoning.quantities import Area
from zoning.rules.access.words import Dimension
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model


class Member(Content):
    """A layer whose zones belong to a class of units; `classes`: only these of it; `title`: what it makes is called."""

    layer: str
    classes: tuple[str, ...] = ()
    title: Text | None = None


class UnitClass(Content):
    """One class of units.

    Attributes
    ----------
    digit
        Stands in codes of management units.
    group
        What several classes are parts of: 农业农村发展区 of 村庄建设区, 一般农业区 and 林业发展区.
    members
        In the order in which they name a unit; where a place lies in several, the first names it.
    lacking
        What the document counts as well and no layer shows: it is said with every result.
    """

    digit: Annotated[int, Field(ge=1, le=3)] | None = None
    group: Text | None = None
    citation: Citation | None = None
    members: tuple[Member, ...] = ()
    lacking: tuple[Text, ...] = ()


class SerialCodes(Content):
    """Codes that are a county, a word and a serial number: 140522-LZ-001."""

    word: Annotated[str, Field(pattern=r"^[A-Z]{1,8}$")]
    digits: Annotated[int, Field(ge=1, le=8)] = 3


class Section(Content):
    """What goes to one section of a skeleton: rules by id, else rules that ask for one of these facts.

    A section with neither takes what no other does.
    """

    dimension: Dimension
    rules: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


class Scheme(Content):
    """How units are made.

    Attributes
    ----------
    units
        The layer that the units become an edition of: its classes are named, and its older codes are kept.
    territories
        Where the composition holds; empty: everywhere.
    codes
        `management-unit`, or the form of plain serial codes.
    split_by
        The layer whose zones no unit crosses; None: units are not split.
    separate_members
        Whether each kind of member (red line, water source ...) makes units of its own; else one per class and part.
    minimum
        Pieces below this area join a neighbour; 0: none does.
    classes
        The first whose members cover a place decides it. The last has no members: it takes what is left.
    access_list
        Which section of an access list a rule goes to; empty: the units bear no access list.
    """

    id: str
    title: Text
    units: str
    territories: tuple[str, ...] = ()
    codes: Literal["management-unit"] | SerialCodes = "management-unit"
    split_by: str | None = None
    separate_members: bool = False
    minimum: Area = 0.0
    classes: dict[str, UnitClass]
    access_list: tuple[Section, ...] = ()
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "Scheme":
        ends = [name for name, found in self.classes.items() if not found.members and not found.lacking]
        last = next(reversed(self.classes), None)
        if last is None or self.classes[last].members or [name for name in ends if name != last]:
            raise Mistake(
                Text(
                    "最后一类（兜底）不写成员 members，其余各类都要写（没有图层的写在 lacking）",
                    "the last class takes what is left and has no 'members'; all others have some, or 'lacking'",
                ),
                ("classes",),
            )
        digits = [found.digit for found in self.classes.values()]
        if self.codes == "management-unit" and (None in digits or len(set(digits)) != len(digits)):
            raise Mistake(
                Text(
                    "管控单元编码要求每类写 digit，且各不相同",
                    "codes of management units need a 'digit' in every class, each another",
                ),
                ("classes",),
            )
        return self

    def mistakes(self, catalogue: Catalogue) -> list[Text]:
        """Return what does not fit the layers of a workspace; a member without a layer is no mistake, but missing."""
        needed = [self.units, *([self.split_by] if self.split_by else [])]
        found = [_no_layer(self.id, name) for name in needed if name not in catalogue.layers]
        if self.units in catalogue.layers:
            known = catalogue[self.units].classes
            found += [_no_class(self.id, self.units, name) for name in self.classes if name not in known]
        for member in (member for unit in self.classes.values() for member in unit.members):
            layer = catalogue.layers.get(member.layer)
            if layer is None:
                continue
            found += [_no_class(self.id, member.layer, name) for name in member.classes if name not in layer.classes]
            if layer.geometry != "polygon":
                found.append(_lines(self.id, member.layer))
        return found


def _no_layer(scheme: str, layer: str) -> Text:
    return Text(f"plans/{scheme}.yaml：没有图层“{layer}”", f"plans/{scheme}.yaml: there is no layer '{layer}'")


def _lines(scheme: str, layer: str) -> Text:
    return Text(
        f"plans/{scheme}.yaml：图层 {layer} 是线，不能作成员",
        f"plans/{scheme}.yaml: layer {layer} holds lines, no areas",
    )


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
