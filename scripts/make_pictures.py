"""Draw the picture of the README: a map of an example, opened in Chromium without a network and photographed.

    python scripts/make_pictures.py [--example NAME] [--zoom-out N]

Run it after the look of the map or the demo data have changed, and look at the result before it is committed.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "site-map.png"
EXAMPLE = "processing-plant"
WIDTH, HEIGHT = 1400, 860
MOST_BYTES = 350_000
WAIT_MS = 1_500
COLOURS = (256, 192, 128, 64)
"""Fewer and fewer colours, until the file is small enough."""


def main() -> None:
    """Make the map, photograph it, write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--example", default=EXAMPLE, help="which boundary file of examples/, without its ending")
    parser.add_argument("--zoom-out", type=int, default=1, help="how often to press the button with the minus")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = make_map(chosen.example, folder)
        photograph(page, folder / "screen.png", zoom_out=chosen.zoom_out)
        colours, size = write_small(folder / "screen.png", PICTURE)
    print(f"{PICTURE.relative_to(ROOT)}: {size:,} bytes, {colours} colours")


def make_map(example: str, folder: Path) -> Path:
    """Let `zoning map` draw an example, in Chinese and for the day of the demo; return the first page."""
    site = next(path for path in sorted((ROOT / "examples").glob(f"{example}.*")) if ".facts" not in path.name)
    command = [
        sys.executable,
        "-m",
        "zoning",
        "map",
        str(site),
        "--facts",
        str(site.with_name(f"{example}.facts.yaml")),
    ]
    subprocess.run(
        [*command, "--on", "2026-06-01", "--workspace", str(ROOT), "--out", str(folder), "--lang", "zh"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return min(folder.glob("*.html"))


def photograph(page: Path, target: Path, *, zoom_out: int) -> None:
    """Open a page offline and save what is seen."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("chromium is missing: apt install chromium fonts-noto-cjk")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, offline=True, locale="zh-CN")
        view.goto(page.as_uri())
        view.wait_for_timeout(WAIT_MS)
        for _ in range(zoom_out):
            view.click("[data-tool=out]")
            view.wait_for_timeout(WAIT_MS // 3)
        view.mouse.move(1, HEIGHT - 1)
        view.screenshot(path=target)
        browser.close()


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
