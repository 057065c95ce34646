"""The title above and the foot below the map."""

from collections.abc import Callable
from dataclasses import dataclass

from zoning.maps.made import Made
from zoning.maps.map_product import MapProduct
from zoning.maps.paper.arrange import Arrangement, Bands
from zoning.maps.paper.content import Sheet
from zoning.maps.paper.flow import line_height
from zoning.maps.paper.format import Format
from zoning.maps.paper.furniture import draw_scale_bar
from zoning.maps.paper.marks import INK, MM_PER_POINT, QUIET, Page, Shape
from zoning.maps.paper.notes import grid_text, system_text
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.signs import draw_sign
from zoning.maps.paper.typeset import shortened, wrapped
from zoning.maps.paper.words import WORDS
from zoning.maps.scene import Scene
from zoning.quantities import format_area
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

_RED = "#9A3324"


@dataclass(frozen=True, slots=True)
class Heading:
    """Title and the line under it."""

    title: str
    subtitle: str
    full: str

    @property
    def lines(self) -> int:
        """How many lines stand under the title."""
        return 1

    @classmethod
    def of(cls, scene: Scene, product: MapProduct, language: Language, *, unit: str = "") -> "Heading":
        """Return the heading of a scene: what it shows, of what, how large that is, on which day."""
        title = product.title.get(language)
        frame = scene.frame
        name = frame.name or frame.code
        joined = language == "zh" and frame.kind != "site" and not name[-1:].isascii()
        full = f"{name}{title}" if joined else f"{title} · {name}"
        area = format_area(frame.area_m2).get(language)
        if frame.kind == "strip":
            area = WORDS["strip_area"].get(language).format(area=area)
        code = f" ({frame.code})" if frame.kind == "territory" and language == "en" else ""
        code = f"（{frame.code}）" if frame.kind == "territory" and language == "zh" else code
        day = f"{WORDS['data_on'].get(language)} {scene.on}"
        subtitle = " · ".join(part for part in (f"{name}{code}", unit, area if not unit else "", day) if part)
        return cls(full, subtitle, full)


def draw_title(
    page: Page,
    heading: Heading,
    bands: Bands,
    paper: Format,
    stylebook: Stylebook,
    sheet: Sheet,
    language: Language,
) -> None:
    """Write title and subtitle at the left, marks and decision at the right."""
    band = bands.title
    right = _marks(page, band, paper, stylebook, sheet, language)
    room = right - band.left - 3.0
    size = paper.title
    while page.wide(heading.title, size, bold=True) > room and size > paper.size * 1.4:
        size *= 0.95
    base = band.top - paper.title * MM_PER_POINT * 1.22
    title = shortened(heading.title, room, lambda text: page.wide(text, size, bold=True))
    page.write(title, band.left, base, size, bold=True)
    below = base - paper.size * MM_PER_POINT * 1.75
    line = shortened(heading.subtitle, room, lambda text: page.wide(text, paper.size))
    page.write(line, band.left, below, paper.size, colour=QUIET)


def _marks(page: Page, band: Rectangle, paper: Format, stylebook: Stylebook, sheet: Sheet, language: Language) -> float:
    """Draw what the reader must not miss, from the right; return where it begins."""
    right = band.right
    drawn = [(layer.id, name) for layer in sheet.layers for name in layer.classes]
    plain = stylebook.marking_of(drawn).get(language)
    texts = [(plain, QUIET, False)]
    if sheet.scene.schematic:
        texts.append((WORDS["schematic_note"].get(language), _RED, True))
    size, step = paper.small, line_height(paper.small) + 1.1
    top = band.top - 1.4
    widest = 0.0
    for number, (text, colour, boxed) in enumerate(reversed(texts)):
        width = page.wide(text, size, bold=boxed)
        base = top - (number + 0.78) * step
        box = Rectangle(right - width - 2.0, base - 0.9, right, base + step - 1.7)
        if boxed:
            page.add(Shape(box.shape, stroke=colour, width=0.7, butt=True))
        page.write(text, right - 1.0 if boxed else right, base, size, bold=boxed, colour=colour, align="right")
        widest = max(widest, width + 2.0)
    left = right - widest
    verdict = sheet.scene.verdict
    if verdict is None:
        return left
    style = stylebook.outcomes.decisions[verdict.decision]
    word, preliminary = style.word.get(language), WORDS["preliminary"].get(language)
    big = paper.title * 0.86
    wide = max(page.wide(word, big, bold=True), page.wide(preliminary, paper.small))
    sign = paper.title * MM_PER_POINT * 1.5
    start = left - 5.0 - wide
    draw_sign(page, style, start - sign - 1.8, band.top - sign - 1.6, sign)
    base = band.top - paper.title * MM_PER_POINT * 1.22
    page.write(word, start, base, big, bold=True, colour=style.colour)
    page.write(preliminary, start, base - paper.size * MM_PER_POINT * 1.75, paper.small, colour=QUIET)
    return start - sign - 1.8


def draw_foot(page: Page, made: Arrangement, product: MapProduct, about: Made, language: Language) -> None:
    """Draw ratio and scale bar, then the coordinate system, then who made the sheet and when."""
    paper, view, foot = made.paper, made.view, made.bands.foot
    say = {name: text.get(language) for name, text in WORDS.items()}
    between = "：" if language == "zh" else ": "
    point, size = MM_PER_POINT, paper.size
    ratio = f"{say['scale']} {ratio_text(view.scale)}"
    bar = draw_scale_bar(page, view, paper, foot.left + 2.0, foot.bottom + size * 0.75 * point + 0.6, 0.58 * foot.width)
    page.write(ratio, foot.left, foot.top - size * 1.35 * point, size * 1.15, bold=True)
    start = max(bar.right + 9 * size * point, foot.left + 0.3 * foot.width)
    maker = about.maker or "＿" * 8
    lines = [
        f"{say['maker']}{between}{maker}",
        f"{say['made_on']}{between}{about.on}　{say['program']} zoning {about.version}",
    ]
    step = line_height(paper.small)
    wide = max(page.wide(line, paper.small) for line in lines)
    texts = [system_text(view, language), grid_text(view, product.paper.grid, language)]
    room = foot.right - start
    beside = room - wide - 6.0 >= 0.4 * room
    if beside:
        column = Rectangle(foot.right - wide, foot.bottom, foot.right, foot.top)
        _stack(page, lines, column, paper, step)
        room -= wide + 6.0
    wrapped_texts = [line for text in texts if text for line in wrapped(text, room, _measure(page, paper.small))]
    if not beside:
        wrapped_texts += [line for text in lines for line in wrapped(text, room, _measure(page, paper.small))]
    _stack(page, wrapped_texts, Rectangle(start, foot.bottom, start + room, foot.top), paper, step)
    page.add(Shape(view.place.shape, stroke=INK, width=0.9, butt=True))


def _measure(page: Page, size: float) -> Callable[[str], float]:
    return lambda text: page.wide(text, size)


def _stack(page: Page, lines: list[str], place: Rectangle, paper: Format, step: float) -> None:
    # The number of the page stands below.
    room = place.height - 1.5 - step
    step = min(step, room / max(len(lines), 1))
    top = place.top - 0.5 - (room - len(lines) * step) / 2
    for number, line in enumerate(lines):
        page.write(line, place.left, top - (number + 0.76) * step, paper.small, colour=QUIET)


def ratio_text(scale: int) -> str:
    """Return a ratio with its thousands apart.

    >>> ratio_text(25_000)
    '1:25 000'
    """
    return f"1:{scale:,}".replace(",", " ")
