"""What is weighed: the strict model of `mines/suitability.yaml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.mines.suitability.membership import Limit, Membership, Share
from zoning.mines.terrain import Quantity
from zoning.mistakes import Mistake, meant
from zoning.quantities import Length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

FILE = "mines/suitability.yaml"
Group = Literal["target", "way"]
Ranking = Literal["lowest", "middle", "highest"]

_ROUNDING = 1e-9


class Figure(Content):
    """A figure with where it comes from."""

    value: float
    source: Text


class Reach(Content):
    """A length with where it comes from."""

    value: Length
    source: Text


class Near(Content):
    """The distance to the nearest zone or line of a layer, or of a file.

    `layer` of the workspace (only its `classes` where they are given); a file that the user names for the criterion
    goes before it. `search`: how far is looked; what is farther counts as being that far.
    """

    layer: str | None = None
    classes: tuple[str, ...] = ()
    search: Length


class Inside(Content):
    """How much of the parcel lies in the zones of a layer, or of a file, in percent; see `Near`."""

    layer: str | None = None
    classes: tuple[str, ...] = ()


class Origin(Content):
    """Where the value of a criterion comes from: one of these.

    Attributes
    ----------
    terrain
        A quantity of the elevation model.
    cover
        The classes of the land-cover raster, named by `legend`.
    raster
        The numbers of a raster that the user names for the criterion.
    near
        A distance.
    inside
        A share.
    value
        A field of the register, a code or several.
    """

    terrain: Quantity | None = None
    cover: Literal["classes"] | None = None
    raster: Literal["numbers"] | None = None
    near: Near | None = None
    inside: Inside | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "Origin":
        if len(self.model_fields_set) != 1:
            text = Text(
                "from 之下 terrain、cover、raster、near、inside、value 写且只写一个",
                "below 'from' exactly one of 'terrain', 'cover', 'raster', 'near', 'inside' and 'value' is needed",
            )
            raise Mistake(text)
        return self

    @property
    def has_classes(self) -> bool:
        """Whether its values are classes rather than numbers."""
        return self.cover is not None or self.value is not None

    @property
    def place(self) -> Near | Inside | None:
        """The layer or file that it is about, for distances and shares."""
        return self.near or self.inside


class Criterion(Content):
    """One thing that is looked at."""

    title: Text
    unit: str = ""
    origin: Annotated[Origin, Field(alias="from")]
    note: Text | None = None


class Use(Content):
    """How a criterion counts for one way of restoring. `weight` 0: only its limit counts."""

    weight: Share
    membership: Membership | None = None
    limit: Limit | None = None
    source: Text

    @model_validator(mode="after")
    def _counts(self) -> "Use":
        if (self.weight > 0) != (self.membership is not None):
            text = Text(
                "权重大于 0 的须写 membership，权重为 0 的不写", "a weight above 0 needs a 'membership', and only it"
            )
            raise Mistake(text, ("weight",))
        if self.weight == 0 and self.limit is None:
            raise Mistake(Text("权重为 0 的须写 limit", "a weight of 0 needs a 'limit'"), ("weight",))
        return self


class Mode(Content):
    """One way of restoring: a target (宜林 ...) or a way (自然恢复 ..., `code` is NXFFS of the national attributes)."""

    title: Text
    group: Group
    code: str = ""
    says: Text
    uses: dict[str, Use]

    @model_validator(mode="after")
    def _weights(self) -> "Mode":
        total = sum(use.weight for use in self.uses.values())
        if abs(total - 1) > _ROUNDING:
            told = f"{total:.9g}"
            raise Mistake(
                Text(f"权重之和应为 1，实为 {told}", f"the weights must add up to 1, they give {told}"), ("uses",)
            )
        return self


class Legend(Content):
    """Names of the classes of the land-cover raster, each with its codes."""

    names: dict[str, tuple[int, ...]]
    titles: dict[str, Text]
    source: Text

    @property
    def by_code(self) -> Mapping[int, str]:
        """The name of each code."""
        return {code: name for name, codes in self.names.items() for code in codes}


class Sensitivity(Content):
    """How the weights are moved: one at a time by `step` of itself, and all at once by chance.

    The sample is `samples` draws of a Dirichlet distribution with the weights x `concentration`, begun at `seed`.
    """

    step: Share
    samples: Annotated[int, Field(ge=1, le=100_000)]
    concentration: Annotated[float, Field(gt=0)]
    seed: int
    source: Text


class Suitability(Content):
    """All that `mines/suitability.yaml` says."""

    title: Text
    note: Text
    ranking: Ranking
    ranking_source: Text
    knocked_out_share: Figure
    relief_radius: Reach
    legend: Legend
    criteria: dict[str, Criterion]
    modes: dict[str, Mode]
    sensitivity: Sensitivity

    @model_validator(mode="after")
    def _fits(self) -> "Suitability":
        for mode_id, mode in self.modes.items():
            for name, use in mode.uses.items():
                wrong = self._mistake(name, use)
                if wrong is not None:
                    raise Mistake(wrong, ("modes", mode_id, "uses", name))
        return self

    def _mistake(self, name: str, use: Use) -> Text | None:
        criterion = self.criteria.get(name)
        if criterion is None:
            hint = meant(name, self.criteria)
            return Text(f"没有准则“{name}”{hint.zh}", f"there is no criterion '{name}'{hint.en}")
        classes = criterion.origin.has_classes
        tabled = use.membership is None or (use.membership.table is not None) == classes
        limited = use.limit is None or bool(use.limit.among) == classes
        if not (tabled and limited):
            return Text(
                "类别用 table、among，数值用 trapezoid、linear、above、below",
                "classes need 'table' and 'among', numbers 'trapezoid', 'linear', 'above' and 'below'",
            )
        if criterion.origin.cover is None:
            return None
        named = [*((use.membership.table or {}) if use.membership else {}), *(use.limit.among if use.limit else ())]
        strange = [word for word in named if word not in self.legend.names]
        if not strange:
            return None
        hint = meant(strange[0], self.legend.names)
        return Text(f"legend 没有类别“{strange[0]}”{hint.zh}", f"the legend has no class '{strange[0]}'{hint.en}")

    def of(self, group: Group) -> dict[str, Mode]:
        """Return the modes of a group."""
        return {name: mode for name, mode in self.modes.items() if mode.group == group}


def read_suitability(path: Path) -> Suitability:
    """Read `mines/suitability.yaml`.

    Raises
    ------
    ContentError
        With file and line of every mistake.
    """
    return read_model(path, Suitability)
