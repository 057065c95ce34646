"""The indicators of a plan as a paper: a chart, a table, the contradictions, the editions behind the figures."""

from collections import Counter
from collections.abc import Iterator

from zoning.maps.made import Made
from zoning.planning.indicators.chart import draw_chart
from zoning.planning.indicators.judging import State
from zoning.planning.indicators.measuring import Answer, PlanAnswers
from zoning.planning.indicators.plan_file import Printed
from zoning.planning.paper import Paper
from zoning.report.document import NOTHING, Cell, Column, Number, Paragraph, Section, Table, Tone, Word
from zoning.rules.rulebook import Rulebook
from zoning.texts import Language, Text

STATES: dict[State, tuple[str, Text, Tone]] = {
    "met": ("✓", Text("达到", "met"), "permitted"),
    "not-met": ("×", Text("未达到", "not met"), "prohibited"),
    "unknown": ("?", Text("不能判断", "unknown"), "undetermined"),
}
KINDS = {"binding": Text("约束性", "binding"), "expected": Text("预期性", "expected")}
_SCHEMATIC = Text(
    "下列数值由示意数据计算，非法定边界，只演示方法，不能用于考核。",
    "The figures below rest on schematic data, no legal boundaries: they show the method and prove nothing.",
)


def paper_of(found: PlanAnswers, rulebook: Rulebook, *, language: Language, made: Made, on: str) -> Paper:
    """Return the paper of a plan."""
    return _Writer(found, rulebook, language).paper(made, on)


class _Writer:
    def __init__(self, found: PlanAnswers, rulebook: Rulebook, language: Language) -> None:
        self.found = found
        self.rulebook = rulebook
        self.language = language
        self.measured = [one for one in found.answers if one.indicator.measure is not None]
        self.others = [one for one in found.answers if one.indicator.measure is None]

    def say(self, zh: str, en: str) -> str:
        return Text(zh, en).get(self.language)

    def paper(self, made: Made, on: str) -> Paper:
        document = self.rulebook.documents[self.found.plan.document]
        warnings = [text.get(self.language) for text in self.found.plan.notes]
        if any(behind.schematic for one in self.measured for behind in one.behind):
            warnings.insert(0, _SCHEMATIC.get(self.language))
        name = " ".join(part for part in (document.number, document.title.get(self.language)) if part)
        return Paper(
            language=self.language,
            title=self.found.plan.title.get(self.language),
            subtitle=f"{self.found.territory.get(self.language)} · {name} · {on}",
            lead=self._lead(),
            sections=tuple(self._sections()),
            made=made,
            warnings=tuple(warnings),
            drawings={"measured": draw_chart(self.measured, self.language)} if self.measured else {},
        )

    def _lead(self) -> str:
        counts = Counter(one.judged.state for one in self.measured)
        double = sum(bool(one.contradictions) for one in self.found.answers)
        zh = (
            f"共 {len(self.found.answers)} 项指标，图层可计算 {len(self.measured)} 项："
            f"达到 {counts['met']}，未达到 {counts['not-met']}，不能判断 {counts['unknown']}。"
        )
        en = (
            f"{len(self.found.answers)} indicators; layers answer {len(self.measured)}: {counts['met']} met, "
            f"{counts['not-met']} not met, {counts['unknown']} unknown."
        )
        if double:
            zh += f"{double} 项在文件中有相互矛盾的数字。"
            en += f" For {double} the documents print contradicting figures."
        return self.say(zh, en)

    def _sections(self) -> Iterator[Section]:
        if self.measured:
            title = self.say("图层可计算的指标", "indicators that layers answer")
            yield Section("measured", "1", title, (self._table(), *self._definitions()))
        doubled = [one for one in self.found.answers if one.contradictions]
        if doubled:
            columns = (
                Column(self.say("指标", "indicator"), weight=1),
                Column(self.say("矛盾", "contradiction"), weight=4),
            )
            rows = tuple((self._title(one), text.get(self.language)) for one in doubled for text in one.contradictions)
            title = self.say("文件中相互矛盾的数字", "contradicting figures in the documents")
            yield Section("contradictions", "2", title, (Table("contradictions", columns, rows),))
        if self.others:
            title = self.say("图层不能回答的指标", "indicators that layers cannot answer")
            yield Section("others", "3", title, (self._other_table(),))
        if behind := self._behind():
            yield Section("behind", "4", self.say("数据版本", "editions behind the figures"), (behind,))

    def _title(self, one: Answer) -> str:
        number = f"{one.indicator.number} " if one.indicator.number else ""
        return f"{number}{one.indicator.title.get(self.language)}"

    def _kind(self, one: Answer) -> str:
        kind = one.indicator.kind
        return KINDS[kind].get(self.language) if kind else NOTHING

    def _table(self) -> Table:
        columns = (
            Column(self.say("指标", "indicator"), weight=3),
            Column(self.say("单位", "unit"), weight=0.8),
            Column(self.say("性质", "kind"), weight=1),
            Column(self.say("2020年", "2020"), numeric=True, weight=1.1),
            Column(self.say("目标", "target"), numeric=True, weight=1.3),
            Column(self.say("现值", "present"), numeric=True, weight=1.1),
            Column(self.say("边界精度内", "within accuracy"), numeric=True, weight=1.1),
            Column(self.say("结果", "result"), weight=1.2),
            Column(self.say("理由", "why"), weight=4),
            Column(self.say("出处", "source"), weight=1.6),
        )
        return Table("measured", columns, tuple(self._row(one) for one in self.measured))

    def _row(self, one: Answer) -> tuple[Cell, ...]:
        indicator = one.indicator
        sign, word, tone = STATES[one.judged.state]
        why = [text.get(self.language) for text in one.judged.reasons]
        if indicator.measure is not None and indicator.measure.note is not None:
            why.append(indicator.measure.note.get(self.language))
        return (
            self._title(one),
            indicator.unit or NOTHING,
            self._kind(one),
            _printed(indicator.baseline),
            self._target(one),
            NOTHING if one.value is None else Number(one.value),
            NOTHING if one.doubt is None else f"± {Number(one.doubt).text}",
            Word(f"{sign} {word.get(self.language)}", tone),
            self.say("；", "; ").join(why),
            f"{indicator.citation.section} {indicator.citation.lines}".strip(),
        )

    def _target(self, one: Answer) -> str:
        target = one.indicator.target
        if target is None:
            return NOTHING
        year = self.say(f"（{target.year}年）", f" ({target.year})")
        return f"{target.printed or NOTHING}{year}"

    def _definitions(self) -> Iterator[Paragraph]:
        """Say of each indicator how it was computed, so that anyone can do it again."""
        for one in self.measured:
            text = self._definition(one)
            if text is not None:
                yield Paragraph(text, "note")

    def _definition(self, one: Answer) -> str | None:
        measure = one.indicator.measure
        if measure is None or one.area_m2 is None:
            return None
        joint = self.say("、", ", ")
        titles = {behind.layer: behind.title.get(self.language) for behind in one.behind}
        parts = joint.join(
            titles[part.layer] + (f" [{joint.join(part.classes)}]" if part.classes else "") for part in measure.part
        )
        area, land = Number(one.area_m2).text, Number(one.territory_m2).text
        if measure.of == "share":
            return self.say(
                f"{self._title(one)} = {parts} 在境内的面积 {area} m² ÷ 境域面积 {land} m²（椭球面积，重叠处只计一次）",
                f"{self._title(one)} = area of {parts} inside, {area} m², over the area of the territory, {land} m² "
                "(on the ellipsoid; where zones overlap the land counts once)",
            )
        return self.say(
            f"{self._title(one)} = {parts} 在境内的面积 {area} m²（椭球面积，重叠处只计一次）",
            f"{self._title(one)} = area of {parts} inside, {area} m² (on the ellipsoid; overlaps count once)",
        )

    def _other_table(self) -> Table:
        columns = (
            Column(self.say("指标", "indicator"), weight=3),
            Column(self.say("单位", "unit"), weight=0.8),
            Column(self.say("性质", "kind"), weight=1),
            Column(self.say("2020年", "2020"), numeric=True, weight=1),
            Column(self.say("目标", "target"), numeric=True, weight=2),
            Column(self.say("需要什么", "what it needs"), weight=3),
            Column(self.say("责任部门", "responsible"), weight=2),
        )
        rows = tuple(
            (
                self._title(one),
                one.indicator.unit or NOTHING,
                self._kind(one),
                _printed(one.indicator.baseline),
                self._target(one),
                one.indicator.needs.get(self.language) if one.indicator.needs else NOTHING,
                one.indicator.responsible.get(self.language) if one.indicator.responsible else NOTHING,
            )
            for one in self.others
        )
        return Table("others", columns, rows)

    def _behind(self) -> Table | None:
        editions = list(dict.fromkeys(behind for one in self.measured for behind in one.behind))
        if not editions:
            return None
        columns = (
            Column(self.say("图层", "layer"), weight=2),
            Column(self.say("版本", "edition"), weight=1),
            Column(self.say("生效", "valid from"), weight=1),
            Column(self.say("精度", "accuracy"), "m", numeric=True, weight=0.8),
            Column(self.say("数据", "data"), weight=1),
            Column("SHA-256", weight=4),
        )
        official, drawn = self.say("正式", "official"), self.say("示意", "schematic")
        rows = tuple(
            (
                one.title.get(self.language),
                one.edition,
                one.valid_from.isoformat(),
                Number(one.accuracy_m, 1),
                drawn if one.schematic else official,
                one.sha256,
            )
            for one in editions
        )
        return Table("behind", columns, rows)


def _printed(figure: Printed | None) -> str:
    return figure.printed or NOTHING if figure is not None else NOTHING
