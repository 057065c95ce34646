"""Draw the pictures of the README and of the first pages of the documentation, photographed in Chromium.

The map of an example in Chinese and in English, and the workbench with its verdict:

    python scripts/make_pictures.py [site-map | site-map-en | workbench] [--example NAME] [--zoom-out N]

Run it after the look of maps or pages or the demo data have changed, and look at the result before it is committed.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "images"
EXAMPLE = "processing-plant"
DAY = "2026-06-01"
WIDTH, HEIGHT = 1400, 860
ACCOUNT, PASSWORD = "li.si", "only for this picture"
MOST_BYTES = 350_000
WAIT_MS = 1_500
PATIENCE_MS = 180_000
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
MAPS = {"site-map": "zh", "site-map-en": "en"}
"""Pictures of a map, with their languages."""
NAMES = (*MAPS, "workbench")
COLOURS = (256, 192, 128, 64)
"""Fewer and fewer colours, until the file is small enough."""


def main() -> None:
    """Make the pages, photograph them, write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("picture", nargs="?", choices=NAMES, help="only this one")
    parser.add_argument("--example", default=EXAMPLE, help="which boundary file of examples/, without its ending")
    parser.add_argument("--zoom-out", type=int, default=1, help="how often to press the button with the minus")
    chosen = parser.parse_args()
    site = next(path for path in sorted((ROOT / "examples").glob(f"{chosen.example}.*")) if ".facts" not in path.name)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        for picture in (chosen.picture,) if chosen.picture else NAMES:
            screen = folder / f"{picture}.png"
            if picture in MAPS:
                page = make_map(site, folder / picture, MAPS[picture])
                photograph_map(browser, page, screen, LOCALES[MAPS[picture]], zoom_out=chosen.zoom_out)
            else:
                photograph_workbench(browser, site, folder, screen)
            colours, size = write_small(screen, PICTURES / screen.name)
            print(f"docs/images/{screen.name}: {size:,} bytes, {colours} colours")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("chromium is missing: apt install chromium fonts-noto-cjk")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def facts_of(site: Path) -> Path:
    """Return the facts that lie beside an example."""
    return site.with_name(f"{site.stem}.facts.yaml")


def zoning(*words: str, typed: str = "", language: str = "zh") -> None:
    """Run a command of the program."""
    command = [sys.executable, "-m", "zoning", *words, "--lang", language]
    subprocess.run(command, check=True, input=typed, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_map(site: Path, folder: Path, language: str) -> Path:
    """Let `zoning map` draw an example for the day of the demo; return the first page."""
    told = ("--facts", str(facts_of(site)), "--on", DAY, "--workspace", str(ROOT))
    zoning("map", str(site), *told, "--out", str(folder), language=language)
    return min(folder.glob("*.html"))


def photograph_map(browser: Browser, page: Path, target: Path, locale: str, *, zoom_out: int) -> None:
    """Open a page offline and save what is seen."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True, locale=locale)
    view = context.new_page()
    view.goto(page.as_uri())
    view.wait_for_timeout(WAIT_MS)
    for _ in range(zoom_out):
        view.click("[data-tool=out]")
        view.wait_for_timeout(WAIT_MS // 3)
    view.mouse.move(1, HEIGHT - 1)
    view.screenshot(path=target)
    context.close()


def photograph_workbench(browser: Browser, site: Path, folder: Path, target: Path) -> None:
    """Start a server of an office of its own, check an example there, save the page of its verdict."""
    with serving(folder / "office") as url:
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale=LOCALES["zh"], base_url=url)
        view = context.new_page()
        view.set_default_timeout(PATIENCE_MS)
        view.goto("/")
        view.fill("[name=name]", ACCOUNT)
        view.fill("[name=password]", PASSWORD)
        view.click("main button.main")
        view.locator("#begin").wait_for()
        view.goto(f"/checks/{checked(view, site)}")
        view.frame_locator("iframe.verdict-map").locator(".leaflet-container").wait_for()
        view.wait_for_timeout(WAIT_MS)
        view.screenshot(path=target)
        context.close()


def checked(view: Page, site: Path) -> str:
    """Hand in an example with its facts, as programs do; return the id of the check."""
    facts = yaml.safe_load(facts_of(site).read_text(encoding="utf-8"))
    mark = view.locator("meta[name=csrf]").get_attribute("content") or ""
    file = {"name": site.name, "mimeType": "application/octet-stream", "buffer": site.read_bytes()}
    form: dict[str, Any] = {"file": file, "facts": json.dumps(facts), "on": DAY}
    answer = view.request.post("/api/v1/checks", headers={"x-csrf": mark}, multipart=form, timeout=PATIENCE_MS)
    return str(answer.json()["check"])


@contextmanager
def serving(office: Path) -> Iterator[str]:
    """Make an office with one account, and serve it on a free port; yield the address."""
    zoning("init", str(office))
    roles = [word for role in ("admin", "reviewer") for word in ("--role", role)]
    zoning("account", "add", ACCOUNT, *roles, "--title", "李四", "--workspace", str(office), typed=f"{PASSWORD}\n")
    command = [sys.executable, "-m", "zoning", "serve", "--workspace", str(office), "--port", "0", "--lang", "zh"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        found = re.search(r"http://\S+/", server.stderr.readline() if server.stderr else "")
        try:
            if found is None:
                sys.exit("the server does not start")
            yield found.group()
        finally:
            server.terminate()
            server.communicate()


def write_small(source: Path, target: Path) -> tuple[int, int]:
    """Write a picture with a palette of its own; return the number of colours and the size in bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as screen:
        pixels = screen.convert("RGB")
    for colours in COLOURS:
        pixels.quantize(palette=palette(pixels, colours), dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= MOST_BYTES:
            return colours, target.stat().st_size
    sys.exit(f"{target}: {target.stat().st_size:,} bytes are more than {MOST_BYTES:,}")


def palette(pixels: Image.Image, colours: int) -> Image.Image:
    """Return a palette: three quarters for the soft shades that cover most, the rest for small bright parts."""
    many = colours * 3 // 4
    soft = pixels.quantize(many, method=Image.Quantize.MEDIANCUT).getpalette() or []
    rare = pixels.quantize(colours - many, method=Image.Quantize.FASTOCTREE).getpalette() or []
    found = Image.new("P", (1, 1))
    found.putpalette(soft[: 3 * many] + rare[: 3 * (colours - many)])
    return found


if __name__ == "__main__":
    main()
