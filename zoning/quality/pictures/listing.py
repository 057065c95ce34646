"""The words of the sheet: title, figures, the numbered list of faults, the repairs with their change of area."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from zoning.quality.faults import Fault, Place
from zoning.quality.inspection import FileEntry, Inspected
from zoning.quality.kinds import SEVERITIES, Severity
from zoning.quality.pictures import looks
from zoning.quality.pictures.fonts import Pen, drawable
from zoning.quality.pictures.panel import width_of
from zoning.quality.pictures.sketch import Scene
from zoning.quality.site_quality import Step
from zoning.quantities import format_area
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POINTS = 72.0
_LINE = 1.42  # times the size of the letters
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gb18030": "GBK"}
_NO_START = "，。；：、）”%"
_NO_END = "（“"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a drawing and beside it.

    Attributes
    ----------
    title
        File, and footprint where only one is shown.
    facts
        Short statements below the title.
    tally
        How many faults of each severity.
    """

    title: str
    facts: tuple[Text, ...]
    tally: dict[Severity, int]
    steps: tuple[Step, ...]


def heading_of(inspected: Inspected, only: int | None = None) -> Heading:
    """Return the words for a picture of a file, or of one of its footprints."""
    qualities = inspected.qualities if only is None else (inspected.qualities[only],)
    file, first = inspected.report.file, qualities[0].site
    single = len(qualities) == 1
    named = single and first.name != PurePosixPath(file.source).stem
    title = f"{file.source} · {first.name}" if named else file.source
    area = format_area(sum(quality.area_after_m2 for quality in qualities))
    sizes = [quality.size for quality in qualities]
    parts, rings, holes = (sum(getattr(s, name) for s in sizes) for name in ("parts", "rings", "holes"))
    vertices = sum(size.vertices for size in sizes)
    facts = (
        area,
        file.crs_name,
        Text(
            f"{len(qualities)} 个地块 · {parts} 个部分 · {rings} 圈（内圈 {holes}）· {vertices} 点",
            f"{len(qualities)} footprint{'s' * (not single)} · {parts} parts · {rings} rings ({holes} holes) · "
            f"{vertices} vertices",
        ),
    )
    faults = [fault for quality in qualities for fault in quality.faults]
    faults += [pair.fault for pair in inspected.overlaps.pairs] if only is None else []
    return Heading(title, facts, tally_of(faults), qualities[0].steps if single else ())


def tally_of(faults: Sequence[Fault]) -> dict[Severity, int]:
    """Count faults by severity, worst first."""
    counts = {severity: sum(fault.severity == severity for fault in faults) for severity in SEVERITIES}
    return {severity: count for severity, count in counts.items() if count}


def tally_text(tally: dict[Severity, int]) -> Text:
    """Return the counts in words.

    >>> tally_text({"error": 2, "note": 1}).zh
    '2 处错误，1 处提示'
    """
    if not tally:
        return Text("未发现问题", "nothing wrong was found")
    return Text(
        "，".join(f"{count} 处{SEVERITIES[severity].zh}" for severity, count in tally.items()),
        ", ".join(f"{count} {SEVERITIES[severity].en}{'s' * (count > 1)}" for severity, count in tally.items()),
    )


def form_text(file: FileEntry) -> str:
    """Return format and encoding as people call them."""
    encoding = _ENCODINGS.get(file.encoding, file.encoding)
    return f"{file.format} · {encoding}" if encoding else file.format


def place_text(place: Place) -> Text:
    """Return where a fault is: coordinates, north first, and the line of the file where it is known."""
    if abs(place.x) <= 180 and abs(place.y) <= 90:  # noqa: PLR2004 - degrees
        zh = en = f"{place.lon:.7f}°E  {place.lat:.7f}°N"
    else:
        zh = en = f"X {place.y:.3f}  Y {place.x:.3f}"
    if place.line is not None:
        zh, en = f"{zh}  文件第 {place.line} 行", f"{en}  line {place.line}"
    return Text(zh, en)


def step_text(step: Step) -> Text:
    """Return a repair with the area before and after it."""
    change = step.area_change_m2
    if abs(change) < 0.005:  # noqa: PLR2004 - 0.00 m²
        return Text(f"{step.text.zh}（{step.count} 处，面积不变）", f"{step.text.en} ({step.count}, area unchanged)")
    before, after = step.area_before_m2, step.area_after_m2
    return Text(
        f"{step.text.zh}（{step.count} 处）：{before:,.2f} → {after:,.2f} 平方米，变化 {change:+,.2f}",
        f"{step.text.en} ({step.count}): {before:,.2f} → {after:,.2f} m², change {change:+,.2f}",
    )


def fold(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines of some points.

    >>> fold("第 1 圈：第 1–2 点的边与第 3–4 点的边相交", 8.0, 100.0)
    ['第 1 圈：第 1–2 点的边与', '第 3–4 点的边相交']
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_of(line + piece, size) > width and piece not in _NO_START:
            kept = line.rstrip(_NO_END)
            lines.append(kept.rstrip())
            line = line[len(kept) :] + piece.lstrip()
        else:
            line += piece
    return [*lines, line] if line else lines


def _pieces(text: str) -> list[str]:
    """Split a text where a line may end: after every Chinese sign, between words."""
    pieces: list[str] = []
    for sign in text:
        glued = pieces and ord(sign) < 0x2E80 and sign != " " and ord(pieces[-1][-1]) < 0x2E80 and pieces[-1] != " "  # noqa: PLR2004 - the first CJK sign
        if glued:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


class _Column:
    """Writes from top to bottom on a sheet; places are shares of it."""

    def __init__(self, figure: "Figure", font: str | None, left: float, top: float, width: float) -> None:
        self._figure, self._font = figure, font
        self._wide, self._high = (float(side) * _POINTS for side in figure.get_size_inches())
        self.left, self.y, self.width = left * self._wide, top * self._high, width * self._wide

    def write(self, text: str, size: float, *, indent: float = 0.0, **style: Any) -> None:
        """Write a text, broken into lines."""
        for line in fold(text, size, self.width - indent):
            self.y -= size * _LINE
            self._at(self.left + indent, self.y, line, size, ha="left", va="baseline", **style)

    def lines(self, text: str, size: float, indent: float = 0.0) -> float:
        """Return how high a text would be."""
        return len(fold(text, size, self.width - indent)) * size * _LINE

    def badge(self, number: str, colour: str) -> None:
        """Draw the number of a fault left of the line that is written next."""
        from matplotlib.patches import Circle

        x, y = self.left + 7, self.y - looks.HEAD * 1.05
        spot = Circle((x, y), 6.4, color=colour, transform=None)
        scale = self._figure.dpi / _POINTS
        spot.set_center((x * scale, y * scale))
        spot.set_radius(6.4 * scale)
        self._figure.add_artist(spot)
        self._at(x, y - 0.3, number, looks.SMALL, ha="center", va="center_baseline", color="white", fontweight="bold")

    def _at(self, x: float, y: float, text: str, size: float, **style: Any) -> None:
        style = {"color": looks.INK, **style}
        self._figure.text(
            x / self._wide, y / self._high, drawable(text, self._font), fontsize=size, parse_math=False, **style
        )


def draw_heading(figure: "Figure", heading: Heading, pen: Pen) -> None:
    """Write title, state and figures at the top of a sheet."""
    language = pen.language
    column = _Column(figure, pen.font, 0.035, 0.985, 0.93)
    title = fold(heading.title, looks.TITLE, column.width)[0]
    column.write(title, looks.TITLE, fontweight="bold")
    worst = next(iter(heading.tally), None)
    sign = "✓" if worst is None else looks.STATUS_SIGN[worst]
    colour = "#0F7F6B" if worst is None else looks.SEVERITY[worst]
    column.write(f"{sign} {tally_text(heading.tally).get(language)}", looks.HEAD + 1, color=colour, fontweight="bold")
    column.write("    ".join(fact.get(language) for fact in heading.facts), looks.BODY, color=looks.QUIET)
    if pen.font is None:
        column.write("no Chinese font on this computer: labels are English, □ stands for Chinese", looks.SMALL)


def draw_list(
    figure: "Figure",
    scene: Scene,
    heading: Heading,
    pen: Pen,
    *,
    left: float,
    top: float,
    bottom: float,
) -> None:
    """Write the faults with their numbers, then the repairs, as far as there is room."""
    language = pen.language
    column = _Column(figure, pen.font, left, top, 0.965 - left)
    floor = bottom * float(figure.get_size_inches()[1]) * _POINTS
    hidden = scene.left_out
    several = len(scene.sketches) > 1
    for mark in scene.marks:
        fault = mark.fault
        text = fault.text.get(language)
        if several and mark.piece is None:
            text = f"{scene.sketches[mark.footprint].name}: {text}"
        places = [place_text(place).get(language) for place in fault.places[:1]]
        need = looks.HEAD * _LINE + column.lines(text, looks.BODY, 18) + len(places) * looks.SMALL * _LINE + 4
        if column.y - need < floor:
            hidden += 1
            continue
        column.badge(str(mark.number), looks.SEVERITY[fault.severity])
        column.write(
            fault.title.get(language), looks.HEAD, indent=18, color=looks.SEVERITY[fault.severity], fontweight="bold"
        )
        column.write(text, looks.BODY, indent=18)
        for place in places:
            column.write(place, looks.SMALL, indent=18, color=looks.QUIET)
        column.y -= 4
    _draw_rest(column, heading, language, floor, hidden)


def _draw_rest(column: _Column, heading: Heading, language: Language, floor: float, hidden: int) -> None:
    if hidden:
        more = Text(f"另有 {hidden} 处未列出，见 HTML 或 JSON", f"{hidden} more are in the HTML and JSON")
        column.write(more.get(language), looks.SMALL, color=looks.QUIET)
        column.y -= 3
    for number, step in enumerate(heading.steps):
        text = step_text(step).get(language)
        head = looks.HEAD * _LINE if number == 0 else 0.0
        if column.y - head - column.lines(text, looks.BODY, 18) < floor:
            break
        if number == 0:
            column.write(Text("修复", "repairs").get(language), looks.HEAD, fontweight="bold")
        column.write(text, looks.BODY, indent=18)
        column.y -= 2
