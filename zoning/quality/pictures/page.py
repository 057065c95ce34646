"""The report as one HTML page that loads nothing: drawings as SVG inside it, tables of faults and repairs."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from zoning.own_markup import own_markup
from zoning.quality.faults import Fault
from zoning.quality.inspection import Inspected
from zoning.quality.pictures import looks
from zoning.quality.pictures.listing import form_text, heading_of, place_text, tally_text
from zoning.quality.pictures.sheet import svg
from zoning.quality.pictures.sketch import Scene, scene_of
from zoning.quality.site_quality import Step
from zoning.quantities import format_area
from zoning.texts import Language, Text

MOST_SHEETS = 20
_MOST_MARKS = 30
_MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class _Row:
    number: int | None
    severity: str
    title: str
    text: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _StepRow:
    text: str
    count: int
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    drawing: object
    faults: tuple[_Row, ...]
    unlisted: str
    steps: tuple[_StepRow, ...]


def page(inspected: Inspected, language: Language) -> str:
    """Return the page: the whole file first, then every footprint with faults of its own, the first twenty."""
    from jinja2 import Environment, StrictUndefined

    heading = heading_of(inspected)
    worst = next(iter(heading.tally), None)
    template = files("zoning.quality.pictures").joinpath("page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(template).render(
        language=language,
        t=lambda zh, en: Text(zh, en).get(language),
        title=heading.title,
        worst=worst,
        sign="✓" if worst is None else looks.STATUS_SIGN[worst],
        tally=tally_text(heading.tally).get(language),
        facts=[(name.get(language), value.get(language)) for name, value in _facts(inspected)],
        sheets=list(_sheets(inspected, language)),
        warnings=[text.get(language) for text in _warnings(inspected)],
    )


def _facts(inspected: Inspected) -> Iterator[tuple[Text, Text]]:
    file = inspected.report.file
    yield Text("格式", "format"), _same(form_text(file))
    if file.layer:
        yield Text("图层", "layer"), _same(file.layer)
    yield Text("坐标系", "coordinate system"), file.crs_name
    yield Text("坐标系来源", "decided by"), file.crs_decision
    if file.conversion is not None:
        yield Text("坐标转换", "conversion"), file.conversion
    yield Text("椭球面积", "area on the ellipsoid"), format_area(file.area_m2)
    yield (
        Text("地块 / 部分 / 圈（内圈）", "footprints / parts / rings (holes)"),
        _same(f"{file.footprints} / {file.parts} / {file.rings} ({file.holes})"),
    )
    yield Text("界址点", "vertices"), _same(f"{file.vertices:,}")
    if len(inspected.qualities) == 1 and (plane := inspected.qualities[0].plane_area_m2) is not None:
        excess = inspected.qualities[0].plane_excess_ppm or 0.0
        yield Text("平面面积（不用于判定）", "plane area (not used)"), _same(f"{plane:,.2f} m² ({excess:+.0f} ppm)")


def _same(text: str) -> Text:
    return Text(text, text)


def _warnings(inspected: Inspected) -> list[Text]:
    return list(dict.fromkeys(text for quality in inspected.qualities for text in quality.site.warnings))[:100]


def _sheets(inspected: Inspected, language: Language) -> Iterator[_Sheet]:
    scene = scene_of(inspected, most=_MOST_MARKS)
    if len(inspected.qualities) == 1:
        quality = inspected.qualities[0]
        yield _sheet("", scene, quality.faults, quality.steps, language)
        return
    pairs = tuple(pair.fault for pair in inspected.overlaps.pairs)
    listed = dict.fromkeys((*(mark.fault for mark in scene.marks), *pairs))
    yield _sheet(Text("全部地块", "all footprints").get(language), scene, tuple(listed), (), language)
    faulty = [n for n, quality in enumerate(inspected.qualities) if quality.faults]
    for number in faulty[:MOST_SHEETS]:
        quality = inspected.qualities[number]
        scene = scene_of(inspected, only=number, most=_MOST_MARKS)
        title = f"{quality.site.name} ({quality.site.id})  {format_area(quality.area_after_m2).get(language)}"
        yield _sheet(title, scene, quality.faults, quality.steps, language)


def _sheet(title: str, scene: Scene, faults: tuple[Fault, ...], steps: tuple[Step, ...], language: Language) -> _Sheet:
    marks = {mark.fault: mark for mark in scene.marks}
    rows = []
    for fault in faults:
        mark = marks.get(fault)
        own = mark is not None and mark.piece is None and len(scene.sketches) > 1
        name = f"{scene.sketches[mark.footprint].name}: " if mark is not None and own else ""
        rows.append(_row(fault, None if mark is None else mark.number, name, language))
    rows.sort(key=lambda row: (row.number is None, row.number or 0))
    hidden = max(0, scene.left_out + len(scene.marks) - len(faults))
    more = Text(f"另有 {hidden} 处未列出", f"{hidden} more are not listed here").get(language) if hidden else ""
    # The drawing is made here and escapes the names in it.
    drawing = own_markup(svg(scene, language))
    return _Sheet(title, drawing, tuple(rows), more, tuple(_step(step, language) for step in steps))


def _row(fault: Fault, number: int | None, name: str, language: Language) -> _Row:
    places = dict.fromkeys(place_text(place).get(language) for place in fault.places[:_MOST_PLACES])
    text = f"{name}{fault.text.get(language)}"
    return _Row(number, fault.severity, fault.title.get(language), text, tuple(places))


def _step(step: Step, language: Language) -> _StepRow:
    change = round(step.area_change_m2, 2) + 0.0
    return _StepRow(
        step.text.get(language),
        step.count,
        f"{step.area_before_m2:,.2f}",
        f"{step.area_after_m2:,.2f}",
        f"{change:+,.2f}" if change else "0.00",
    )
