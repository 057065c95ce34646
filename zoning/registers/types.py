"""What kinds of registers there are: the strict models of `layers/registers/*.yaml`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zoning.citations import Citation
from zoning.mistakes import Mistake
from zoning.texts import Text
from zoning.yaml_files import read_model

Kind = Literal["text", "integer", "number", "date", "flag", "code", "codes"]
Shape = Literal["area", "line", "point", "any", "none"]


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Code(_Content):
    """One value of a code list. `under` names the values of the `parent` field that it goes with; all when empty."""

    title: Text
    under: tuple[str, ...] = ()


class FieldSpec(_Content):
    """One field of a register, in the order of the ledger.

    Attributes
    ----------
    unit
        Printed in headers; values are stored in it.
    codes
        Allowed values of a `code` or `codes` field and their words.
    parent
        Another code field that decides which codes are allowed (`Code.under`).
    aliases
        Other headers under which surveyors' ledgers bring the field.
    personal
        Never in anything public.
    """

    title: Text
    kind: Kind = "text"
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    codes: dict[str, Code] = Field(default_factory=dict)
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    personal: bool = False
    source: str = ""

    @model_validator(mode="after")
    def _codes_where_codes(self) -> "FieldSpec":
        if bool(self.codes) != (self.kind in {"code", "codes"}):
            raise Mistake(
                Text("代码表 codes 只用于、且必须用于 kind: code 或 codes", "'codes' belongs to kind: code or codes"),
                ("codes",),
            )
        return self


class State(_Content):
    """Where a thing can stand. `final`: nothing is due any more."""

    title: Text
    final: bool = False


class Transition(_Content):
    """A step of the workflow. `back`: it undoes and asks for a reason; `evidence`: it asks for a document."""

    source: Annotated[str, Field(alias="from")]
    target: Annotated[str, Field(alias="to")]
    back: bool = False
    evidence: bool = False
    roles: tuple[str, ...] = ()


class Workflow(_Content):
    """The states in their order, the first one on entry, and the steps that are allowed."""

    states: dict[str, State]
    initial: str
    transitions: tuple[Transition, ...]


class Deadline(_Content):
    """By when things have to have reached a state: a date, or days after another state was reached.

    `values` limits it to things whose fields have one of these values.
    """

    title: Text
    reach: str
    by: date | None = None
    days_after: dict[str, int] = Field(default_factory=dict)
    territories: tuple[str, ...] = ("CN",)
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    warn_days: int = 90
    citation: Citation | None = None


class AsLayer(_Content):
    """How the register becomes an edition of a layer of the workspace, so that rules see it.

    `classes`: class of the layer by value of `field`; a value that is left out is not in the layer.
    """

    layer: str
    field: str
    classes: dict[str, str]


class RegisterType(_Content):
    """One kind of register."""

    id: str
    title: Text
    item: Text
    shape: Shape
    id_field: str
    name_field: str | None = None
    territory_field: str | None = None
    area_field: str | None = None
    source: Text
    fields: dict[str, FieldSpec]
    workflow: Workflow
    deadlines: dict[str, Deadline] = Field(default_factory=dict)
    facts: dict[str, str] = Field(default_factory=dict)
    as_layer: AsLayer | None = None
    notes: tuple[Text, ...] = ()


def read_register_types(root: Path) -> dict[str, RegisterType]:
    """Return the register types of the workspace in `root` by id (file stem), none where the folder is missing.

    Raises
    ------
    ContentError
        With file and line of every mistake.
    """
    return {
        path.stem: read_model(path, RegisterType, id=path.stem)
        for path in sorted((root / "layers" / "registers").glob("*.yaml"))
    }
