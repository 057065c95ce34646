"""What decides the order: the strict model of `mines/priority.yaml`."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.mines.viewshed import SightParameters
from zoning.mistakes import Mistake
from zoning.quantities import Length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

FILE = "mines/priority.yaml"
Share = Annotated[float, Field(ge=0, le=1)]
Measure = Literal["visible_share", "visible_length", "corridor_distance", "start_distance", "area", "funded"]
Unknown = Literal["lowest", "middle", "highest"]


class Corridor(Content):
    """Which lines of a layer people look out from."""

    layer: str
    classes: tuple[str, ...] = ()


class Sight(Content):
    """What "in sight" means; see `zoning.mines.viewshed.SightParameters`."""

    corridor: Corridor
    step: Length
    eye: Length
    target: Length
    farthest: Length
    refraction: Annotated[float, Field(ge=0, lt=1)]
    source: Text

    @property
    def parameters(self) -> SightParameters:
        """The same for the viewshed."""
        return SightParameters(self.step, self.eye, self.target, self.farthest, self.refraction)


class Corner(Content):
    """A point of a broken line: at this value the score is this."""

    at: float
    score: Share


class Step(Content):
    """Up to this value (included) the score is this; `to` is left out in the last one."""

    to: float | None = None
    score: Share


class Zone(Content):
    """The score where the parcel overlaps a layer, or one of its classes."""

    layer: str
    classes: tuple[str, ...] = ()
    score: Share


class Criterion(Content):
    """One thing that counts.

    A number (`measure`) has a `line` or `steps`; a code (`field`) has `codes`; `zones` stand for themselves.

    Attributes
    ----------
    optional
        Left out of all scores, and said so, when nothing at all was given for it.
    field, codes
        Of the register; of several codes the highest score counts.
    need, available
        Of `funded`: fields with money; the value is what there is, divided by what is needed.
    """

    title: Text
    weight: Annotated[float, Field(ge=0)]
    optional: bool = False
    measure: Measure | None = None
    field: str | None = None
    need: str | None = None
    available: str | None = None
    line: tuple[Corner, ...] = ()
    steps: tuple[Step, ...] = ()
    codes: Mapping[str, Share] = Field(default_factory=dict)
    zones: tuple[Zone, ...] = ()
    source: Text

    @model_validator(mode="after")
    def _one_way(self) -> "Criterion":
        ways = (self.measure is not None, self.field is not None, bool(self.zones))
        if sum(ways) != 1:
            raise Mistake(
                Text("measure、field、zones 写且只写一个", "exactly one of 'measure', 'field' and 'zones' is needed")
            )
        if (self.measure is not None) != (bool(self.line) != bool(self.steps)):
            raise Mistake(
                Text("measure 须配 line 或 steps 之一", "a 'measure' needs either a 'line' or 'steps', others neither")
            )
        if (self.field is not None) != bool(self.codes):
            raise Mistake(Text("field 须配 codes", "a 'field' needs 'codes', others none"))
        if (self.measure == "funded") != (self.need is not None and self.available is not None):
            raise Mistake(Text("funded 须写 need 和 available", "'funded' needs 'need' and 'available', others none"))
        return self

    @model_validator(mode="after")
    def _rising(self) -> "Criterion":
        places = [corner.at for corner in self.line] or [step.to for step in self.steps if step.to is not None]
        if any(one >= other for one, other in pairwise(places)):
            raise Mistake(Text("须从小到大", "must rise from one to the next"), ("line" if self.line else "steps",))
        if self.steps and [step.to is None for step in self.steps] != [False] * (len(self.steps) - 1) + [True]:
            raise Mistake(
                Text("只有最后一级不写 to", "every step but the last one needs 'to', and that one none"), ("steps",)
            )
        return self


class When(Content):
    """What makes a parcel belong to a phase: all that is written must hold; nothing written holds always."""

    in_sight: bool | None = None
    corridor_within: Length | None = None


class Phase(Content):
    """A stage of the work (分期分步); a parcel belongs to the first phase whose conditions it meets."""

    title: Text
    when: When = When()
    source: Text


class LeftOut(Content):
    """Parcels that are not ranked, by code of a field; they are listed with this reason."""

    field: str
    codes: tuple[str, ...]
    title: Text
    source: Text


class Priority(Content):
    """What decides the order.

    Attributes
    ----------
    unknown
        Where in its interval a score that is not wholly known is taken for the order.
    sensitivity
        By which part of itself each weight is moved to see how the order changes.
    """

    title: Text
    note: Text
    sight: Sight
    unknown: Unknown
    unknown_source: Text
    sensitivity: Annotated[float, Field(gt=0, lt=1)]
    left_out: tuple[LeftOut, ...] = ()
    phases: dict[str, Phase]
    criteria: dict[str, Criterion]

    @model_validator(mode="after")
    def _complete(self) -> "Priority":
        if not any(one.weight > 0 and not one.optional for one in self.criteria.values()):
            raise Mistake(
                Text("至少一个必需准则的权重大于 0", "one criterion that is not optional needs a weight above 0"),
                ("criteria",),
            )
        if not self.phases or list(self.phases.values())[-1].when != When():
            raise Mistake(
                Text("最后一期不写条件，收其余图斑", "the last phase takes the others: it has no condition"),
                ("phases",),
            )
        return self

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that parcels are measured against."""
        return tuple(dict.fromkeys(zone.layer for one in self.criteria.values() for zone in one.zones))


def read_priority(path: Path) -> Priority:
    """Read `mines/priority.yaml`.

    Raises
    ------
    ContentError
        With every mistake, file and line.
    """
    return read_model(path, Priority)
