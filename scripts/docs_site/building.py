"""From the repository to the site: gather the pages in a folder of their own, then let MkDocs build them."""

import logging
import shutil
import sys
import tempfile
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from docs_site.gathering import gather


def build_site(root: Path, target: Path) -> None:
    """Build the site of a repository.

    Parameters
    ----------
    root
        The checkout.
    target
        Folder of the site; what it holds is replaced.

    Raises
    ------
    mkdocs.exceptions.Abort
        When a link leads nowhere or a page is missing; the reasons are told on standard error.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s", stream=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        pages = Path(name)
        gather(root, pages)
        shutil.rmtree(target, ignore_errors=True)
        config = load_config(str(root / "mkdocs.yml"), docs_dir=str(pages), site_dir=str(target))
        build(config)
    # The plugin wrote it before the index held both languages.
    index = (target / "search" / "search_index.json").read_text(encoding="utf-8")
    (target / "search" / "search_index.js").write_text(f"var __index = {index}", encoding="utf-8")
