"""Photograph the page of the mine-restoration desk for docs/: run `make demo-mines` first.

    python scripts/draw_mines_desk.py [out/mines/desk.html] [--parcel NAME] [--zoom-out N]

Look at the result (docs/images/mines-desk.png) before it is committed.
"""

import argparse
import tempfile
from pathlib import Path

from make_pictures import PICTURES, ROOT, WAIT_MS, chromium, write_small

PICTURE = PICTURES / "mines-desk.png"
WIDTH, HEIGHT = 1300, 820
PARCEL = "凤城镇砖瓦粘土坑013"
THEME = "优先顺序"


def main() -> None:
    """Open the page offline, open the card of a parcel, photograph it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("page", nargs="?", type=Path, default=ROOT / "out" / "mines" / "desk.html", help="the page")
    parser.add_argument("--parcel", default=PARCEL, help="whose card is open")
    parser.add_argument("--zoom-out", type=int, default=5, help="how often to press the button with the minus")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        screen = Path(name) / "screen.png"
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True, locale="zh-CN")
        view = context.new_page()
        view.goto(chosen.page.resolve().as_uri())
        view.wait_for_timeout(WAIT_MS)
        view.select_option("#theme", label=THEME)
        search = view.get_by_placeholder("查找编号")
        search.fill(chosen.parcel)
        view.get_by_text(chosen.parcel, exact=True).first.click()
        search.fill("")
        # The page goes to the parcel: back to its county.
        for _ in range(chosen.zoom_out):
            view.wait_for_timeout(WAIT_MS // 3)
            view.click("[data-tool=out]")
        # The county out from under the card.
        view.mouse.move(600, 700)
        view.mouse.down()
        view.mouse.move(500, 680, steps=5)
        view.mouse.up()
        view.wait_for_timeout(WAIT_MS)
        view.screenshot(path=screen)
        context.close()
        colours, size = write_small(screen, PICTURE)
    print(f"{PICTURE.relative_to(ROOT)}: {size:,} bytes, {colours} colours")


if __name__ == "__main__":
    main()
