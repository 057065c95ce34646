"""Pages of one browser that go from test to test: a page that is there loads a map for half of what a new one costs.

A new page is a new process of the browser, which has nothing compiled and no letter drawn yet. Between two tests a page
is emptied, which ends all that ran in it, and gets back size, medium and place of the pointer. What listened to it
hears on, and nobody asks it again.
"""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

import map_pages

_EMPTY = "about:blank"
_NOWHERE = (-1, -1)


class KeptPages:
    """Pages without a network, kept by kind of screen: those with the same options of a context are alike."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[frozenset[tuple[str, Any]], BrowserContext] = {}
        self._idle: dict[BrowserContext, list[Page]] = {}
        self._lent: list[Page] = []

    def lend(self, width: int = 1400, height: int = 900, **options: Any) -> Page:
        """Return an empty page of a size in pixels; `options` are further ones of a context, `has_touch` say."""
        context = self._context(options)
        page = self._idle[context].pop() if self._idle[context] else context.new_page()
        self._lent.append(page)
        page.set_viewport_size({"width": width, "height": height})
        return page

    def give_back(self) -> None:
        """Empty all pages that were lent."""
        while self._lent:
            page = self._lent.pop()
            if page.is_closed():
                continue
            page.goto(_EMPTY)
            page.emulate_media(media="null")
            page.mouse.move(*_NOWHERE)
            self._idle[page.context].append(page)

    def _context(self, options: dict[str, Any]) -> BrowserContext:
        key = frozenset(options.items())
        if key not in self._contexts:
            context = self._contexts[key] = self._browser.new_context(offline=True, **options)
            context.set_default_timeout(map_pages.PATIENCE_MS)
            self._idle[context] = []
        return self._contexts[key]


@dataclass(frozen=True)
class Screen:
    """A screen of one size, whose pages are kept ones."""

    pages: KeptPages
    width: int
    height: int
    is_phone: bool = False

    def new_page(self) -> Page:
        """Return an empty page."""
        touched = {"has_touch": True, "is_mobile": True} if self.is_phone else {}
        return self.pages.lend(self.width, self.height, **touched)
