"""Build the documentation site, without a network: `python scripts/docs_site [--out FOLDER]`."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from docs_site.building import build_site  # noqa: E402 - found through the line above


def main() -> int:
    """Gather the pages, build the site, say where it is."""
    parser = argparse.ArgumentParser(description="build the documentation site (Chinese and English)")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "out" / "site", help="folder of the site; what it holds is replaced"
    )
    chosen = parser.parse_args()
    build_site(ROOT, chosen.out.resolve())
    print(f"文档站点：用浏览器打开 {chosen.out / 'index.html'}（不需要服务器和网络）")
    print(f"documentation: open {chosen.out / 'en' / 'index.html'} in a browser (needs no server and no network)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
