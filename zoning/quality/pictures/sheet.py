"""The sheet: drawing, enlargements, list of faults, legend; as PNG whole, as SVG the drawing alone."""

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from zoning.quality.kinds import SEVERITIES
from zoning.quality.pictures import looks
from zoning.quality.pictures.drawing import draw_scene
from zoning.quality.pictures.fonts import FAMILIES, Pen, chinese_font, families, language_of
from zoning.quality.pictures.insets import Inset, insets_of
from zoning.quality.pictures.listing import Heading, draw_heading, draw_list
from zoning.quality.pictures.panel import HALO, Box, Panel
from zoning.quality.pictures.rim import draw_bar, draw_north, draw_rim, length_text
from zoning.quality.pictures.sketch import Scene
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHEET = (11.69, 8.27)
_DRAWING = (9.0, 6.6)
_DPI = 150
_MARGIN = 34.0
_HALO = re.compile(f'id="{HALO}[0-9]+"')
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_LEAST_BOUNDS_M = 0.01


def png(scene: Scene, heading: Heading, language: Language) -> bytes:
    """Return the whole sheet, A4 across, 150 dpi."""
    font = chinese_font()
    pen = Pen(language_of(language, font), font)

    def draw(figure: "Figure") -> None:
        insets = insets_of(scene)
        draw_heading(figure, heading, pen)
        floor = 0.325 if insets else 0.115
        _main(figure, (0.045, floor, 0.60, 0.865 - floor), scene, pen)
        draw_list(figure, scene, heading, pen, left=0.668, top=0.875, bottom=0.30 if insets else 0.07)
        _insets(figure, insets, scene, pen, bottom=0.075, height=0.165)
        _legend(figure, scene, pen.language)

    return _saved(draw, _SHEET, font, kind="png")


def svg(scene: Scene, language: Language) -> str:
    """Return the drawing with its enlargements, texts as texts: the page's fonts show them."""
    pen = Pen(language, FAMILIES[0], as_text=True)

    def draw(figure: "Figure") -> None:
        insets = insets_of(scene)
        floor = 0.30 if insets else 0.10
        _main(figure, (0.05, floor, 0.94, 0.985 - floor), scene, pen)
        _insets(figure, insets, scene, pen, bottom=0.065, height=0.17)
        _legend(figure, scene, language)

    font = chinese_font()
    text = _saved(draw, _DRAWING, font, kind="svg").decode("utf-8")
    here = ", ".join(f"'{name}'" for name in families(font))
    drawing = _METADATA.sub("", text[text.index("<svg") :])
    return _HALO.sub('class="halo"', drawing).replace(here, "var(--font)")


def _saved(draw: "Callable[[Figure], None]", size: tuple[float, float], font: str | None, *, kind: str) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    settings: Any = {
        "font.family": families(font),
        # Names come from files of strangers: a dollar in them begins no formula.
        "text.parse_math": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "zoning",
        "hatch.linewidth": 0.5,
        "hatch.color": looks.HOLE,
        "axes.unicode_minus": False,
    }
    out = io.BytesIO()
    with rc_context(settings), _quiet():
        figure = Figure(figsize=size, dpi=_DPI, facecolor=looks.PAPER)
        FigureCanvasAgg(figure)
        draw(figure)
        metadata: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(out, format=kind, dpi=_DPI, metadata=metadata)
    return out.getvalue()


@contextmanager
def _quiet() -> Iterator[None]:
    # A sign that no font holds is drawn as a box; that is no news for the terminal.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _main(figure: "Figure", place: Box, scene: Scene, pen: Pen) -> None:
    west, south, east, north = scene.bounds
    if max(east - west, north - south) < _LEAST_BOUNDS_M:
        west, south, east, north = west - 1, south - 1, east + 1, north + 1
    panel = Panel.on(figure, place, (west, south, east, north), pen, margin=_MARGIN)
    draw_rim(panel, scene.local)
    draw_bar(panel)
    draw_north(panel)
    draw_scene(panel, scene, scene.marks)


def _insets(
    figure: "Figure",
    insets: Sequence[Inset],
    scene: Scene,
    pen: Pen,
    *,
    bottom: float,
    height: float,
) -> None:
    wide, high = figure.get_size_inches()
    width = height * high / wide
    gap = (0.955 - 6 * width) / 5
    for number, inset in enumerate(insets):
        place = (0.035 + number * (width + gap), bottom, width, height)
        panel = Panel.on(figure, place, inset.bounds, pen, margin=0.0)
        draw_bar(panel, share=0.3)
        draw_scene(panel, scene, [inset.mark])
        colour = looks.SEVERITY[inset.mark.fault.severity]
        panel.write(0, panel.height + 7, panel.say(inset.title), looks.BODY, ha="left", color=colour, fontweight="bold")
        size = length_text(float(f"{2 * inset.radius_m:.2g}"))
        wide_text = panel.say(Text(f"宽 {size}", f"{size} wide"))
        panel.write(panel.width, panel.height + 7, wide_text, looks.TINY, ha="right", color=looks.QUIET)


def _legend(figure: "Figure", scene: Scene, language: Language) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    changed = any(sketch.changed for sketch in scene.sketches)
    holes = any(ring.is_hole for sketch in scene.sketches for ring in sketch.rings)
    handles: list[tuple[Any, Text]] = [
        (
            Patch(facecolor=looks.FILL, edgecolor=looks.OUTLINE),
            Text("采用的范围", "footprint as measured"),
        )
    ]
    if changed:
        line = Line2D([], [], color=looks.BEFORE, linestyle=looks.DASHES, linewidth=looks.BEFORE_WIDTH)
        handles.append((line, Text("原图边界中不再采用的部分", "drawn, no longer border")))
    if holes:
        hatch = Patch(facecolor=looks.PANEL, edgecolor=looks.HOLE, hatch="/////", linewidth=0)
        handles.append((hatch, Text("内圈（扣除）", "hole")))
    if scene.shared:
        handles.append((Patch(facecolor=looks.SHARED, alpha=0.4), Text("地块重叠", "overlap")))
    if len(scene.sketches) == 1:
        start = Line2D([], [], marker="s", color=looks.OUTLINE, markersize=5, linestyle="none")
        handles.append((start, Text("起点", "start")))
    for severity, name in SEVERITIES.items():
        if any(mark.fault.severity == severity for mark in scene.marks):
            mark = Line2D([], [], marker="o", color=looks.SEVERITY[severity], markersize=8, linestyle="none")
            handles.append((mark, name))
    figure.legend(
        [handle for handle, _ in handles],
        [text.get(language) for _, text in handles],
        loc="lower left",
        bbox_to_anchor=(0.035, 0.002),
        ncols=len(handles),
        frameon=False,
        fontsize=looks.SMALL,
        handletextpad=0.5,
        columnspacing=1.6,
    )
