"""功能不降低、面积不减少、性质不改变: what must be kept from edition to edition, checked as far as a layer can tell.

Which layers, where and since when stands in `plans/three-keeps.yaml`, each entry with its citation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict

from zoning.citations import Citation, binds_in
from zoning.layers.catalogue import Catalogue
from zoning.planning.compare.flows import NO_DATA, NONE
from zoning.planning.compare.layer_change import LayerChange, LayerGap
from zoning.planning.compare.zone_changes import ZoneChange
from zoning.quantities import format_area
from zoning.rules.rule import InForce
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

Aspect = Literal["area", "nature", "function"]
Outcome = Literal["kept", "not_kept", "undetermined"]

ASPECTS: dict[Aspect, Text] = {
    "area": Text("面积不减少", "area not reduced"),
    "nature": Text("性质不改变", "nature not changed"),
    "function": Text("功能不降低", "function not lowered"),
}
OUTCOMES: dict[Outcome, Text] = {
    "kept": Text("保持", "kept"),
    "not_kept": Text("未保持", "not kept"),
    "undetermined": Text("待判定", "undetermined"),
}
_UNKNOWN: Mapping[str, date | None] = {}
_ALL: tuple[Aspect, ...] = ("area", "nature", "function")


class KeptLayer(Content):
    """A layer, or some classes of it; `function`: the attribute that names the leading function of a zone."""

    layer: str
    classes: tuple[str, ...] = ()
    function: str | None = None


class KeepRule(InForce):
    """One demand of one document, from its first to its last day."""

    model_config = ConfigDict(populate_by_name=True)

    title: Text
    citation: Citation
    territories: tuple[str, ...]
    layers: tuple[KeptLayer, ...]
    keeps: tuple[Aspect, ...] = _ALL
    note: Text | None = None


class Keeps(Content):
    """All demands of a workspace."""

    title: Text
    rules: dict[str, KeepRule]
    notes: tuple[Text, ...] = ()

    def mistakes(self, catalogue: Catalogue, documents: Mapping[str, object]) -> list[Text]:
        """Return names of layers, classes, fields and documents that the workspace does not have."""
        found: list[Text] = []
        for name, rule in self.rules.items():
            if rule.citation.document not in documents:
                cited = rule.citation.document
                found.append(Text(f"{name}：没有文件“{cited}”", f"{name}: there is no document '{cited}'"))
            for one in rule.layers:
                layer = catalogue.layers.get(one.layer)
                if layer is None:
                    continue
                found += [
                    Text(f"{name}：图层 {one.layer} 没有类别“{c}”", f"{name}: layer {one.layer} has no class '{c}'")
                    for c in one.classes
                    if c not in layer.classes
                ]
                if one.function is not None and one.function not in layer.attributes:
                    f = one.function
                    found.append(
                        Text(f"{name}：图层 {one.layer} 没有字段“{f}”", f"{name}: layer {one.layer} has no field '{f}'")
                    )
        return found


def read_keeps(path: Path) -> Keeps:
    """Read `plans/three-keeps.yaml`.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, Keeps)


@dataclass(frozen=True, slots=True)
class SmallerZone:
    """A zone that lost ground, or is gone."""

    id: str
    name: str
    before_m2: float
    after_m2: float


@dataclass(frozen=True, slots=True)
class KeepResult:
    """One demand, one aspect, one layer, one territory.

    Attributes
    ----------
    question
        What a person has to find out where the layer cannot tell.
    """

    rule: str
    citation: Citation
    territory: str
    layer: str
    aspect: Aspect
    outcome: Outcome
    before_m2: float
    after_m2: float
    reason: Text
    question: Text | None = None
    zones: tuple[SmallerZone, ...] = ()


def check_keeps(
    keeps: Keeps,
    changes: Mapping[str, LayerChange | LayerGap],
    *,
    on: date,
    begins: Mapping[str, date | None] = _UNKNOWN,
    tolerance_m2: float,
) -> tuple[KeepResult, ...]:
    """Check the demands against the layers that were compared, territory by territory.

    A demand counts when it held on the day on which the later edition began, or holds today. Where that edition is
    older than the demand, nothing is said to be "not kept". Layers that were not compared are left out; one that could
    not be compared is undetermined.

    Parameters
    ----------
    on
        The day that stands in for the beginning of an edition where it is not known.
    begins
        Layer -> first day of the later edition.
    """
    found: list[KeepResult] = []
    for name, rule in keeps.rules.items():
        for kept in rule.layers:
            began = begins.get(kept.layer) or on
            if not (rule.covers(began) or rule.covers(on)):
                continue
            change = changes.get(kept.layer)
            if isinstance(change, LayerGap):
                found += [_unknown(name, rule, code, kept.layer, change.reason) for code in rule.territories]
            elif change is not None and change.unit == "m2":
                for code in change.covered:
                    if binds_in(rule.territories, code):
                        found += _Scale(name, rule, kept, change, code, tolerance_m2, began).results()
    return tuple(found)


def _unknown(name: str, rule: KeepRule, code: str, layer: str, reason: Text) -> KeepResult:
    text = Text(f"图层不能比较：{reason.zh}", f"the layer cannot be compared: {reason.en}")
    return KeepResult(name, rule.citation, code, layer, "area", "undetermined", 0.0, 0.0, text, question=text)


@dataclass(frozen=True, slots=True)
class _Scale:
    """One demand on one layer in one territory."""

    name: str
    rule: KeepRule
    kept: KeptLayer
    change: LayerChange
    territory: str
    tolerance_m2: float
    began: date

    def results(self) -> Iterator[KeepResult]:
        before, after = self._total("before"), self._total("after")
        if before <= self.tolerance_m2 and after <= self.tolerance_m2 and all(self.change.covered[self.territory]):
            return
        judged = {"area": self._area, "nature": self._nature, "function": self._function}
        for aspect in self.rule.keeps:
            if aspect == "function" and not self.change.differs:
                # Two editions that are the same raise no new question.
                continue
            outcome, reason, question, zones = judged[aspect](before, after)
            if outcome == "not_kept" and self.began < self.rule.from_:
                outcome, question = "undetermined", self._too_early()
            yield KeepResult(
                self.name,
                self.rule.citation,
                self.territory,
                self.kept.layer,
                aspect,
                outcome,
                before,
                after,
                reason,
                question,
                zones,
            )

    def _too_early(self) -> Text:
        return Text(
            f"该版本自 {self.began} 起有效，规定自 {self.rule.from_} 起施行：变化在先，是否适用须由主管部门认定",
            f"that edition began on {self.began}, the demand holds from {self.rule.from_}: the change came "
            "first, and whether the demand applies to it the authority has to say",
        )

    def _is_kept(self, class_id: str) -> bool:
        return class_id not in {NONE, NO_DATA} and (not self.kept.classes or class_id in self.kept.classes)

    def _total(self, side: Literal["before", "after"]) -> float:
        totals = getattr(self.change.territories, side)
        return float(sum(t.amount for t in totals if t.place == self.territory and self._is_kept(t.class_id)))

    def _flow(self, *, to: str | None = None) -> float:
        """Return the area that left the kept classes, to one word or to anything."""
        return float(
            sum(
                cell.amount
                for cell in self.change.territories.cells
                if cell.place == self.territory
                and self._is_kept(cell.before)
                and not self._is_kept(cell.after)
                and (to is None or cell.after == to)
            )
        )

    def _blind(self) -> Text | None:
        """Return why the editions cannot be compared here."""
        known = self.change.covered[self.territory]
        if all(known):
            return None
        if not any(known):
            return Text("两个版本都没有覆盖整个辖区", "neither edition covers the whole territory")
        which = Text("后一版本", "the later edition") if known[0] else Text("前一版本", "the earlier edition")
        return Text(f"{which.zh}没有覆盖整个辖区", f"{which.en} does not cover the whole territory")

    def _area(self, before: float, after: float) -> "_Judged":
        blind = self._blind()
        zones = self._smaller()
        told = Text(
            f"{format_area(before).zh} → {format_area(after).zh}",
            f"{format_area(before).en} -> {format_area(after).en}",
        )
        if blind is not None:
            question = Text(
                f"{blind.zh}：面积是否减少，须有覆盖全辖区的前后数据",
                f"{blind.en}: whether the area shrank needs data of both",
            )
            return "undetermined", blind, question, zones
        if after < before - self.tolerance_m2:
            less = format_area(before - after)
            return "not_kept", Text(f"{told.zh}，减少 {less.zh}", f"{told.en}, less by {less.en}"), None, zones
        if zones:
            told = Text(
                f"{told.zh}；总面积未减少，但 {len(zones)} 个区变小，见所列",
                f"{told.en}; the total did not shrink, but {len(zones)} zones did, as listed",
            )
        return "kept", told, None, zones

    def _smaller(self) -> tuple[SmallerZone, ...]:
        found = []
        for zone in self.change.zones.changes:
            if zone.id_a is None or not any(self._is_kept(name) for name in zone.classes_a):
                continue
            if self.territory not in self.change.zone_territories.get(zone.id_a, ()):
                continue
            if zone.area_b < zone.area_a - self.tolerance_m2:
                found.append(SmallerZone(zone.id_a, zone.name_a, zone.area_a, zone.area_b))
        return tuple(found)

    def _nature(self, before: float, after: float) -> "_Judged":  # noqa: ARG002 - judged like the others
        blind = self._blind()
        changed, unclear = self._reclassified()
        lost = self._flow(to=NONE)
        if changed:
            words = self._words(changed)
            return "not_kept", Text(f"类别改变：{words.zh}", f"reclassified: {words.en}"), None, ()
        if blind is not None:
            return "undetermined", blind, self._question(Text("是否改变性质", "whether its nature changed")), ()
        if unclear:
            words = self._words(unclear)
            reason = Text(
                f"两个版本的分类不同，不能逐类对应：{words.zh}", f"the editions classify differently: {words.en}"
            )
            return (
                "undetermined",
                reason,
                self._question(Text("分类改变后性质是否不变", "whether its nature is the same")),
                (),
            )
        if lost > self.tolerance_m2:
            area = format_area(lost)
            reason = Text(f"{area.zh} 已不在图层之内", f"{area.en} no longer lie in the layer")
            question = Text(
                f"移出的 {area.zh} 现作何用途、性质是否改变？图层不能说明",
                f"what are the {area.en} that left used for, and has their nature changed? the layer cannot tell",
            )
            return "undetermined", reason, question, ()
        return "kept", Text("原有范围都在，类别未变", "all land is still there, in the same class"), None, ()

    def _reclassified(self) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
        """Return changes of class that both editions know, and those that only one of them does."""
        changed: dict[tuple[str, str], float] = {}
        unclear: dict[tuple[str, str], float] = {}
        for cell in self.change.territories.cells:
            here = cell.place == self.territory and cell.amount > self.tolerance_m2 and cell.before != cell.after
            if not here or not self._is_kept(cell.before) or cell.after in {NONE, NO_DATA}:
                continue
            both = cell.before in self.change.classes_after and cell.after in self.change.classes_before
            (changed if both else unclear)[cell.before, cell.after] = cell.amount
        return changed, unclear

    def _words(self, cells: Mapping[tuple[str, str], float]) -> Text:
        titles = self.change.layer.classes
        pairs = [
            (titles[one].title, titles[other].title, format_area(amount)) for (one, other), amount in cells.items()
        ]
        return Text(
            "；".join(f"{one.zh} → {other.zh} {area.zh}" for one, other, area in pairs),
            "; ".join(f"{one.en} -> {other.en} {area.en}" for one, other, area in pairs),
        )

    def _function(self, before: float, after: float) -> "_Judged":  # noqa: ARG002 - as the other judges
        zones = self._other_function()
        asked = self._question(Text("生态功能是否降低", "whether its function is lower"))
        if zones:
            names = Text("、".join(zones), ", ".join(zones))
            reason = Text(f"图层所记主导功能改变：{names.zh}", f"the recorded leading function is another: {names.en}")
            return "undetermined", reason, asked, ()
        reason = Text("图层不记录功能的高低", "the layer does not record how good its function is")
        return "undetermined", reason, asked, ()

    def _other_function(self) -> list[str]:
        name = self.kept.function
        if name is None:
            return []
        return [
            f"{zone.id_a} ({self._values(zone, name)})"
            for zone in self.change.zones.changes
            if f"attribute:{name}" in zone.what
            and zone.id_a is not None
            and self.territory in self.change.zone_territories.get(zone.id_a, ())
        ]

    def _values(self, zone: ZoneChange, name: str) -> str:
        before = {one.get(name, "") for one in self.change.attributes_before.get(zone.id_a or "", ())}
        after = {one.get(name, "") for one in self.change.attributes.get(zone.id_b or "", ())}
        return f"{'/'.join(sorted(before))} -> {'/'.join(sorted(after))}"

    def _question(self, what: Text) -> Text:
        title = self.change.layer.title
        return Text(
            f"{title.zh}（{self.territory}）{what.zh}？图层不能说明，须查监测评估成果",
            f"{title.en} ({self.territory}): {what.en}? the layer cannot tell; consult the monitoring results",
        )


_Judged = tuple[Outcome, Text, Text | None, tuple[SmallerZone, ...]]
