"""What is said about an uploaded file: which of its fields and values mean what, and from when it holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from zoning.errors import UsageError
from zoning.layers.catalogue import Coverage, Edition, Layer
from zoning.layers.edition_text import Addition, edition_before
from zoning.texts import Text

_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
_WINDOWS: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_MOST_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said about an uploaded file.

    Attributes
    ----------
    table
        Of the file; None where it has only one.
    class_field, codes
        Field of the file, and its values -> classes of the layer.
    attributes
        Attribute of the layer -> field of the file, "" for none.
    crs
        Where the file states none.
    territories
        Codes of those that the edition covers; empty: as the layer says.
    accuracy_m
        Positional error (95 %) of this edition.
    source
        Document or authority that the data come from.
    """

    layer: str
    edition: str
    valid_from: date
    table: str | None = None
    id_field: str = ""
    name_field: str = ""
    class_field: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    crs: str = ""
    territories: tuple[str, ...] = ()
    accuracy_m: float = 0.0
    source: Text = field(default_factory=lambda: Text("", ""))

    def plain(self) -> dict[str, Any]:
        """Return JSON values."""
        return {**asdict(self), "valid_from": self.valid_from.isoformat(), "territories": list(self.territories)}


def from_plain(told: Mapping[str, Any]) -> Settings:
    """Return settings that were kept as JSON values."""
    typed = {
        "valid_from": date.fromisoformat(told["valid_from"]),
        "territories": tuple(told["territories"]),
        "source": Text(**told["source"]),
    }
    return Settings(**{**told, **typed})


def prefilled(layer: Layer, tables: Sequence[Mapping[str, Any]], edition: str, valid_from: date) -> Settings:
    """Return the settings that a file of this layer most likely has: as the present edition is read."""
    present = _newest(layer)
    names = [table["name"] for table in tables]
    table = next((one for one in tables if one["name"] in (present.table, layer.id)), tables[0])
    fields = [one["name"] for one in table["fields"]]
    class_field = layer.class_field if layer.class_field in fields else ""
    stated = (present.coverage or layer.coverage).territories
    return Settings(
        layer=layer.id,
        edition=edition,
        valid_from=valid_from,
        table=table["name"] if len(names) > 1 else None,
        id_field=layer.id_field if layer.id_field in fields else "",
        name_field=layer.name_field if layer.name_field in fields else "",
        class_field=class_field or "",
        codes=codes_of(layer, table, class_field or ""),
        attributes={name: name if name in fields else "" for name in layer.attributes},
        crs="" if table["crs"] else layer.crs,
        territories=stated,
        accuracy_m=layer.accuracy_m,
    )


def _newest(layer: Layer) -> Edition:
    return max(layer.editions.values(), key=lambda one: one.valid_from)


def codes_of(layer: Layer, table: Mapping[str, Any], class_field: str) -> dict[str, str]:
    """Return which value means which class, for values that are codes of the classes of the present edition."""
    values = next((one["values"] for one in table["fields"] if one["name"] == class_field), None) or {}
    known = {code: name for name in layer.classes_in(_newest(layer)) for code in layer.classes[name].codes}
    return {value: known[value] for value in values if value in known}


def check_id(edition: str) -> str:
    """Return the id of an edition.

    Raises
    ------
    UsageError
        When it is no plain word: it becomes part of a file name and stands in every verdict.
    """
    if not _ID.fullmatch(edition) or ".." in edition or _WINDOWS.match(edition):
        raise UsageError(
            "版本号只能用字母、数字和 . _ -，以字母或数字开头，最多 40 个字符，如 2027 或 2027-03",
            "the id of an edition has letters, digits and . _ - only, begins with a letter or digit and has at most 40 "
            "characters, such as 2027 or 2027-03",
        )
    return edition


def check_settings(layer: Layer, settings: Settings, tables: Sequence[Mapping[str, Any]]) -> None:
    """Refuse settings that cannot hold, before the file is read again.

    Raises
    ------
    UsageError
        With what is to be filled in.
    """
    check_id(settings.edition)
    edition_before(layer, settings.edition, settings.valid_from)
    table = next((one for one in tables if one["name"] == settings.table or len(tables) == 1), None)
    if table is None:
        raise UsageError("请选择数据表", "choose the table")
    fields = {one["name"] for one in table["fields"]}
    named = (settings.id_field, settings.name_field, settings.class_field, *settings.attributes.values())
    strange = [name for name in named if name and name not in fields]
    if strange:
        raise UsageError(f"文件中没有字段“{strange[0]}”", f"the file has no field '{strange[0]}'")
    if not settings.name_field:
        raise UsageError("请选择名称字段", "choose the field of the name")
    if layer.class_field is not None and not settings.class_field:
        raise UsageError("请选择类别字段", "choose the field of the class")
    if not 0 <= settings.accuracy_m <= 100_000:  # noqa: PLR2004 - metres; more than 100 km is a slip
        raise UsageError("位置精度应为 0 到 100000 米", "the accuracy is between 0 and 100000 metres")
    if layer.coverage.territories and not settings.territories:
        raise UsageError(
            "请至少选择一个覆盖的辖区；没有画全的辖区不要选",
            "choose at least one territory that is covered; leave out those that are not complete",
        )
    if not settings.source.zh.strip():
        raise UsageError(
            "请填写来源（文件名称、文号或提供单位）", "say where the data come from (document, number, office)"
        )
    for text in (settings.source.zh, settings.source.en, settings.crs):
        if len(text) > _MOST_TEXT or any(ord(sign) < ord(" ") for sign in text):
            raise UsageError("来源过长或含有控制字符", "the source is too long or has control characters")


def addition_of(layer: Layer, settings: Settings, sha256: str, found: Mapping[str, Any]) -> Addition:
    """Return what is added to the layer's file.

    The accuracy belongs to the layer as a whole: one that is worse than before is written, so that no edition is taken
    for more exact than its data; one that is better is left to a person (older editions would become too exact).
    """
    present = _newest(layer)
    classes: tuple[str, ...] = ()
    if present.classes:
        occurring = {*present.classes, *found["classes"]}
        classes = tuple(name for name in layer.classes if name in occurring)
    edition = Edition(
        file=f"data/{data_name(layer.id, settings.edition, sha256)}",
        table=layer.id,
        valid_from=settings.valid_from,
        sha256=sha256,
        classes=classes,
        coverage=_coverage(layer, settings),
        note=settings.source,
    )
    worse = settings.accuracy_m > layer.accuracy_m
    return Addition(settings.edition, edition, settings.accuracy_m if worse else None)


def _coverage(layer: Layer, settings: Settings) -> Coverage | None:
    if not layer.coverage.territories:
        return _newest(layer).coverage
    if set(settings.territories) == set(layer.coverage.territories):
        return None
    return Coverage(territories=settings.territories)


def data_name(layer: str, edition: str, sha256: str) -> str:
    """Return the name of the data file of an edition; no two contents share one."""
    return f"{layer}-{edition}-{sha256[:12]}.gpkg"
