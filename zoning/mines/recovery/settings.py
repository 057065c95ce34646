"""What recovery is measured by: the strict model of mines/recovery.yaml."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.mistakes import Mistake
from zoning.quantities import Length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

FILE = "mines/recovery.yaml"

Share = Annotated[float, Field(ge=0, le=1)]
Season = Literal["quarter", "month", "none"]


class Values(Content):
    """What counts as the value of a parcel on a date."""

    statistic: Literal["mean", "median"]
    possible: tuple[float, float]
    least_valid_share: Share
    least_pixels: Annotated[float, Field(ge=0)]


class Reference(Content):
    """What green means here: a ring around each parcel, metres."""

    begins: Annotated[Length, Field(alias="from")]
    ends: Annotated[Length, Field(alias="to")]
    least_valid_share: Share
    bare: float
    least_contrast: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _a_ring(self) -> "Reference":
        if not 0 <= self.begins < self.ends:
            raise Mistake(Text("to 必须大于 from", "'to' must be larger than 'from'"), ("to",))
        return self


class Followed(Content):
    """Whose recovery is expected: by a field of the parcel, or by its state in the workflow."""

    field: str
    values: tuple[str, ...]
    states: tuple[str, ...] = ()


class Trend(Content):
    """How a trend is told from chance."""

    level: Annotated[float, Field(gt=0, lt=1)]
    least_dates: Annotated[int, Field(ge=4)]
    season: Season


class Target(Content):
    """The index that is expected by years since the start."""

    curve: dict[float, Share]
    reached: Share
    recent_dates: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _years_in_order(self) -> "Target":
        years = list(self.curve)
        if not years or years != sorted(years):
            raise Mistake(Text("年数须从小到大", "the years go from small to large"), ("curve",))
        return self

    def at(self, years: float) -> float:
        """Return the index that is expected."""
        import numpy as np

        return float(np.interp(years, list(self.curve), list(self.curve.values())))


class Stalled(Content):
    """No gain for some years, below the target."""

    years: Annotated[float, Field(gt=0)]
    least_gain: float


class Relapsed(Content):
    """A fall from what had been reached."""

    drop: Annotated[float, Field(gt=0)]
    recent_dates: Annotated[int, Field(ge=1)]


class Disturbed(Content):
    """A sudden fall from one date to the next, at most `apart` days later."""

    drop: Annotated[float, Field(gt=0)]
    days: Annotated[int, Field(gt=0)]
    apart: Annotated[int, Field(gt=0)]


class Alarms(Content):
    """When somebody is called."""

    noise: Annotated[float, Field(ge=0)]
    stalled: Stalled
    relapsed: Relapsed
    disturbed: Disturbed


class RecoverySettings(Content):
    """The whole file."""

    source: str
    values: Values
    reference: Reference
    followed: Followed
    trend: Trend
    target: Target
    alarms: Alarms


def read_recovery_settings(path: Path) -> RecoverySettings:
    """Read the file.

    Raises
    ------
    ContentError
        With file and line of every mistake.
    """
    return read_model(path, RecoverySettings)
