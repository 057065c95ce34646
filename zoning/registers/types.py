"""What kinds of registers there are: the strict models of `layers/registers/*.yaml`."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from zoning.citations import Citation
from zoning.errors import ContentError, every_mistake
from zoning.mistakes import Key, Mistake
from zoning.registers.type_workflow import STATE_WORD, Content, State, Transition, Workflow, unknown
from zoning.texts import Text
from zoning.yaml_files import load, model_of

__all__ = [
    "AsLayer",
    "Code",
    "Deadline",
    "FieldSpec",
    "Kind",
    "RegisterType",
    "Shape",
    "State",
    "Transition",
    "Workflow",
    "read_register_types",
]

Kind = Literal["text", "integer", "number", "date", "flag", "code", "codes"]
Shape = Literal["area", "line", "point", "any", "none"]

FOLDER = "registers"
"""The folder below `layers/` of a workspace."""

STATE = "state"
"""What `as_layer.field` and ledgers call the place in the workflow; no field may bear this name."""

RESERVED = (STATE, "since", "version", "fid", "ogc_fid", "geom", "geometry", "wkt")
"""Names that columns of exported files bear; fields have others."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}")
_CODED = ("code", "codes")
_COUNTED = ("integer", "number")
_FIELD_WORD = Text("字段", "field")


class Code(Content):
    """One value of a code list. `under` names the values of the `parent` field that it goes with; all when empty.

    `aliases` are other words that ledgers use for it, beside its titles.
    """

    title: Text
    under: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class FieldSpec(Content):
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
        if bool(self.codes) != (self.kind in _CODED):
            raise Mistake(
                Text("代码表 codes 只用于、且必须用于 kind: code 或 codes", "'codes' belongs to kind: code or codes"),
                ("codes",) if self.codes else (),
            )
        return self

    @model_validator(mode="after")
    def _limits_of_numbers(self) -> "FieldSpec":
        for name in ("minimum", "maximum", "unit"):
            if getattr(self, name) not in (None, "") and self.kind not in _COUNTED:
                text = Text(f"{name} 只用于 kind: number 或 integer", f"'{name}' belongs to kind: number or integer")
                raise Mistake(text, (name,))
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            text = Text(
                f"最小值 {self.minimum:g} 大于最大值 {self.maximum:g}",
                f"minimum {self.minimum:g} is above maximum {self.maximum:g}",
            )
            raise Mistake(text, ("minimum",))
        return self

    @model_validator(mode="after")
    def _words_of_one_code(self) -> "FieldSpec":
        owners: dict[str, str] = {code: code for code in self.codes}
        for code, entry in self.codes.items():
            for word in {entry.title.zh, entry.title.en, *entry.aliases}:
                if owners.setdefault(word, code) != code:
                    text = Text(
                        f"“{word}”同时指代码 {owners[word]} 和 {code}；请只留一个",
                        f"'{word}' means both code {owners[word]} and {code}: leave it with one",
                    )
                    raise Mistake(text, ("codes", code))
        return self


class Deadline(Content):
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

    @model_validator(mode="after")
    def _one_date(self) -> "Deadline":
        if (self.by is None) != bool(self.days_after):
            text = Text(
                "by（日期）和 days_after（某状态之后的天数）须写一个，且只写一个",
                "write either 'by' (a date) or 'days_after' (days after a state)",
            )
            raise Mistake(text, ("by",) if self.by is not None else ())
        return self


class AsLayer(Content):
    """How the register becomes an edition of a layer of the workspace, so that rules see it.

    `classes`: class of the layer by value of `field`; a value that is left out is not in the layer. `field` is a code
    field, or `state`: then the place in the workflow decides.
    """

    layer: str
    field: str
    classes: dict[str, str]


class RegisterType(Content):
    """One kind of register.

    Attributes
    ----------
    area_field
        The field with the area that the ledger states, in m², ha, 亩 or km² as its unit says; compared with the shape.
    group_field
        What charts and lists group by: the township.
    facts
        Field that answers a fact of rules/facts.yaml, by fact.
    """

    id: str
    title: Text
    item: Text
    shape: Shape
    id_field: str
    name_field: str | None = None
    territory_field: str | None = None
    area_field: str | None = None
    group_field: str | None = None
    source: Text
    fields: dict[str, FieldSpec]
    workflow: Workflow
    deadlines: dict[str, Deadline] = Field(default_factory=dict)
    facts: dict[str, str] = Field(default_factory=dict)
    as_layer: AsLayer | None = None
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _plain_names(self) -> "RegisterType":
        folded: dict[str, str] = {}
        for name in self.fields:
            if not _NAME.fullmatch(name) or name.lower() in RESERVED:
                reserved = ", ".join(RESERVED)
                text = Text(
                    f"“{name}”不能作字段名：以字母开头，只用字母、数字和下划线，最多 30 个；保留：{reserved}",
                    f"'{name}' is no name of a field: a letter, then letters, digits, underscores, 30 at most; "
                    f"taken: {reserved}",
                )
                raise Mistake(text, ("fields", name))
            if folded.setdefault(name.lower(), name) != name:
                text = Text(
                    f"字段“{folded[name.lower()]}”和“{name}”只差大小写",
                    f"the fields '{folded[name.lower()]}' and '{name}' differ in case only",
                )
                raise Mistake(text, ("fields", name))
        return self

    @model_validator(mode="after")
    def _named_fields(self) -> "RegisterType":
        for role, kinds in (
            ("id_field", ("text",)),
            ("name_field", ("text",)),
            ("territory_field", ("text",)),
            ("area_field", ("number",)),
            ("group_field", ("text",)),
        ):
            name = getattr(self, role)
            if name is None:
                continue
            if name not in self.fields:
                raise unknown(_FIELD_WORD, name, self.fields, (role,))
            if self.fields[name].kind not in kinds:
                text = Text(f"字段“{name}”应为 kind: {kinds[0]}", f"the field '{name}' has to be of kind: {kinds[0]}")
                raise Mistake(text, ("fields", name))
        if self.area_field is not None and self.fields[self.area_field].unit not in SQUARE_METRES:
            text = Text(
                f"面积字段须写 unit：{', '.join(SQUARE_METRES)}", f"the area needs a unit: {', '.join(SQUARE_METRES)}"
            )
            raise Mistake(text, ("fields", self.area_field))
        for fact, name in self.facts.items():
            if name not in self.fields:
                raise unknown(_FIELD_WORD, name, self.fields, ("facts", fact))
        return self

    @model_validator(mode="after")
    def _parents(self) -> "RegisterType":
        for name, spec in self.fields.items():
            at: Key = ("fields", name)
            if spec.parent is not None and spec.parent not in self.fields:
                raise unknown(_FIELD_WORD, spec.parent, self.fields, (*at, "parent"))
            parent = self.fields[spec.parent] if spec.parent is not None else None
            if parent is not None and (parent.kind != "code" or spec.parent == name):
                text = Text(
                    f"parent 须是另一个 kind: code 的字段，“{spec.parent}”不是",
                    f"'parent' is another field of kind: code, '{spec.parent}' is not",
                )
                raise Mistake(text, (*at, "parent"))
            for code, entry in spec.codes.items():
                if entry.under and parent is None:
                    text = Text("写了 under，但字段没有 parent", "'under' without a 'parent' of the field")
                    raise Mistake(text, (*at, "codes", code, "under"))
                for value in entry.under:
                    if parent is not None and value not in parent.codes:
                        what = Text(f"“{spec.parent}”的代码", f"code of '{spec.parent}'")
                        raise unknown(what, value, parent.codes, (*at, "codes", code, "under"))
        return self

    @model_validator(mode="after")
    def _deadlines_of_states(self) -> "RegisterType":
        for name, deadline in self.deadlines.items():
            at: Key = ("deadlines", name)
            for place, state in (("reach", deadline.reach), *(("days_after", one) for one in deadline.days_after)):
                if state not in self.workflow.states:
                    raise unknown(STATE_WORD, state, self.workflow.states, (*at, place))
            for field, values in deadline.values.items():
                if field not in self.fields:
                    raise unknown(_FIELD_WORD, field, self.fields, (*at, "values"))
                self._check_values(field, values, (*at, "values", field))
        return self

    @model_validator(mode="after")
    def _layer_of_values(self) -> "RegisterType":
        if self.as_layer is None:
            return self
        field, at = self.as_layer.field, ("as_layer", "classes")
        if field == STATE:
            for value in self.as_layer.classes:
                if value not in self.workflow.states:
                    raise unknown(STATE_WORD, value, self.workflow.states, at)
        elif field not in self.fields:
            raise unknown(_FIELD_WORD, field, (*self.fields, STATE), ("as_layer", "field"))
        elif self.fields[field].kind != "code":
            text = Text(f"“{field}”不是 kind: code 的字段", f"'{field}' is no field of kind: code")
            raise Mistake(text, ("as_layer", "field"))
        else:
            self._check_values(field, self.as_layer.classes, at)
        if self.shape in ("none", "point"):
            text = Text(
                f"shape: {self.shape} 的台账没有可作图层的图形",
                f"a register with shape: {self.shape} has nothing that a layer could show",
            )
            raise Mistake(text, ("as_layer",))
        return self

    def _check_values(self, field: str, values: Iterable[str], at: Key) -> None:
        codes = self.fields[field].codes
        for value in values:
            if codes and value not in codes:
                raise unknown(Text(f"“{field}”的代码", f"code of '{field}'"), value, codes, at)


SQUARE_METRES = {"m²": 1.0, "m2": 1.0, "ha": 10_000.0, "公顷": 10_000.0, "亩": 10_000 / 15, "km²": 1_000_000.0}
"""Units in which the field of the area may be stated."""


def read_register_types(root: Path) -> dict[str, RegisterType]:
    """Return the register types of the workspace in `root` by id (file stem), none where the folder is missing.

    Raises
    ------
    ContentError
        With file and line of every mistake, those in layers and documents that a type names among them.
    """
    from zoning.registers.type_checks import check_type, listed_documents

    documents = cache(partial(listed_documents, root))
    types: dict[str, RegisterType] = {}
    mistakes: list[ContentError] = []
    for path in sorted((root / "layers" / FOLDER).glob("*.yaml")):
        try:
            file = load(path)
            found = model_of(file, RegisterType, id=path.stem)
            check_type(file, found, root, documents)
        except ContentError as error:
            mistakes.append(error)
        else:
            types[path.stem] = found
    if mistakes:
        raise every_mistake(error.text for error in mistakes)
    return types
