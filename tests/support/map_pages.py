"""Opening pages with a map in a browser, and watching what they do."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Frame, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 120_000
"""How long a page may take for anything: no time is measured with it, and other tests work beside this one."""
AXE = Path(__file__).parents[1] / "web" / "axe" / "axe.min.js"
# Software drawing reports that it is slow when pixels are read back; nothing is wrong with the page.
SLOW = "GL Driver Message"


class Watch:
    """What a page asked for and complained about."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda told: self.complaints.append(told.text) if SLOW not in told.text else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def foreign(self) -> list[str]:
        """Everything that is not in the page itself."""
        return [url for url in self.requests if not re.match(r"(file|data|blob):", url)]


class Pages(Protocol):
    """What gives an empty page: a context of a browser, or a screen of kept pages."""

    def new_page(self) -> Page:
        """Return an empty page."""


def opened(context: Pages, path: Path, link: str = "") -> tuple[Page, Watch]:
    """Open a zoning page and wait until it is drawn."""
    page = context.new_page()
    watch = Watch(page)
    page.goto(path.as_uri() + link)
    page.locator("html[data-ready=yes][data-drawn=yes]").wait_for(state="attached")
    return page, watch


def pixel(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    """Return where a place lies in the window."""
    x, y = page.evaluate(
        """(place) => { const { view } = zoningMap.state; const p = view.project(place);
        const box = view.element.getBoundingClientRect(); return [box.x + p.x, box.y + p.y]; }""",
        list(place),
    )
    return x, y


def go(page: Page, place: tuple[float, float], zoom: float) -> None:
    """Bring a place into the middle of the map."""
    page.evaluate("([lon, lat, zoom]) => zoningMap.state.view.set({ lon, lat, zoom })", [*place, zoom])


def figures(page: Page, key: str) -> list[str]:
    """Return a figure of all cards of the place, without hard spaces."""
    return [" ".join(text.split()) for text in page.locator(f".here [data-figure={key}]").all_text_contents()]


def grave(page: Page) -> list[str]:
    """Return the serious and critical faults that axe-core finds."""
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    # What is half faded in has too little contrast.
    page.evaluate(
        "Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity)"
        ".map((one) => one.finished.catch(() => null))).then(() => null)"
    )
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{fault['id']}: {json.dumps([node['target'] for node in fault['nodes']][:4])}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def rest(page: Page) -> None:
    """Wait until nothing is left to paint."""
    page.evaluate("async () => { do await new Promise((go) => setTimeout(go, 50)); while (zoningMap.state.busy); }")


def until(frame: Page | Frame, condition: str) -> None:
    """Wait until an expression is true in a page or a frame.

    Playwright's own `wait_for_function` asks again inside the page, where our content security policy forbids `eval`:
    it works only if the first answer is yes.
    """
    until_true(frame, lambda: bool(frame.evaluate(f"Boolean({condition})")), condition)


def until_true(frame: Page | Frame, condition: Callable[[], bool], about: str = "") -> None:
    """Wait until something seen from outside is true, while the page goes on."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not condition():
        assert time.monotonic() < deadline, about
        frame.wait_for_timeout(50)
