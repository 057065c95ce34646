"""A server that listens on a free port of this computer, and browsers for it: desktop and phone, both languages."""

import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route

from long_runs import times
from map_pages import AXE, PATIENCE_MS, SLOW
from web_world import World
from zoning.texts import Language
from zoning.web.accounts.identity import cookie_name
from zoning.web.accounts.sessions import Sessions
from zoning.web.rendering import decisions_of

WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 390, "height": 844}
_PATIENCE_S = 60.0
_LOOKS: list[tuple[Language, bool]] = [("zh", False), ("en", True), ("zh", True), ("en", False)]
BOTH = pytest.mark.parametrize(
    ("language", "phone"),
    [pytest.param(*one, id=f"{one[0]}-{'phone' if one[1] else 'desk'}") for one in _LOOKS[: times(2, len(_LOOKS))]],
)
"""Both languages and both sizes of a window: each once, in a long run with each other."""


class Lent:
    """A pool that stays with its owner: the server that it is lent to does not close it."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)

    def close(self) -> None:
        """Do nothing."""


@dataclass
class Live:
    """A running server and a browser.

    Attributes
    ----------
    complaints
        What pages wrote to the console as errors or warnings; a test that leaves some here fails.
    foreign
        Addresses outside this computer that a page asked for; they were not let through.
    """

    world: World
    url: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    _contexts: dict[tuple[str, bool, Language], BrowserContext] = field(default_factory=dict)
    _forgiven: list[str] = field(default_factory=list)

    def page(self, name: str = "reviewer", *, phone: bool = False, language: Language = "zh") -> Page:
        """Return a new page of somebody who is signed in (`""`: nobody); addresses are paths of the server."""
        key = name, phone, language
        if key not in self._contexts:
            self._contexts[key] = self._context(*key)
        page = self._contexts[key].new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def decision_word(self, decision: str, language: Language = "zh") -> str:
        """Return the word of a decision."""
        return decisions_of(self.world.server)[decision].word.get(language)

    def forgive(self, pattern: str) -> None:
        """Expect complaints of this kind in this test (a regular expression): a page that is refused on purpose."""
        self._forgiven.append(pattern)

    def end_of_test(self) -> list[str]:
        """Close all pages and return what they complained about."""
        for context in self._contexts.values():
            for page in context.pages:
                page.close()
        found = [text for text in self.complaints if not any(re.search(one, text) for one in self._forgiven)]
        found += [f"foreign: {address}" for address in self.foreign]
        for gathered in (self.complaints, self.foreign, self._forgiven):
            gathered.clear()
        return found

    def close(self) -> None:
        """Close the browser's windows."""
        for context in self._contexts.values():
            context.close()

    def _context(self, name: str, phone: bool, language: Language) -> BrowserContext:
        options: dict[str, Any] = (
            {"viewport": NARROW, "has_touch": True, "is_mobile": True} if phone else {"viewport": WIDE}
        )
        locale = "zh-CN" if language == "zh" else "en-GB"
        context = self.browser.new_context(base_url=self.url, locale=locale, accept_downloads=True, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.route("**/*", self._guard)
        if name:
            server = self.world.server
            sessions = Sessions(server.store.database, hours=server.settings.session_hours)
            mark = sessions.begin(name, server.now())
            context.add_cookies([{"name": cookie_name(server.settings), "value": mark, "url": self.url}])
        return context

    def _guard(self, route: Route) -> None:
        address = route.request.url
        if address.startswith((self.url, "data:", "blob:")):
            route.continue_()
            return
        self.foreign.append(address)
        route.abort()

    def _listen(self, told: Any) -> None:
        if told.type in ("error", "warning") and SLOW not in told.text:
            self.complaints.append(f"{told.location.get('url', '')}: {told.text}")


@contextmanager
def listening(world: World) -> Iterator[str]:
    """Serve a world in a thread on a free port; yield its address."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(world.app, log_level="error", access_log=False, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        until = time.monotonic() + _PATIENCE_S
        while not server.started:
            assert thread.is_alive(), "the server ended before it listened"
            assert time.monotonic() < until, "the server does not listen"
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_PATIENCE_S)
            assert not thread.is_alive(), "the server does not end"


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window: 0 where nothing has to be moved sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def grave(page: Page) -> list[str]:
    """Return the serious and critical faults that axe-core finds; pages of the server take no script from elsewhere."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], iframes: false })")
    return [
        f"{fault['id']}: {json.dumps([node['target'] for node in fault['nodes']][:4])}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page where somebody wants to look at it: `$ZONING_SHOTS` names the folder."""
    folder = os.environ.get("ZONING_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody wants one; demand that nothing sticks out and that axe finds nothing grave."""
    shot(page, name)
    assert overflow(page) == 0, name
    assert grave(page) == [], name
