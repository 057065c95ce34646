"""Maps on their way out: one scene, one product, one file, whole or not at all."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.map_options import Target, scale_of
from zoning.errors import ContentError, UsageError, os_reason

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from zoning.cli.map import MapRequest
    from zoning.cli.session import Session
    from zoning.maps.content import Box, Picture
    from zoning.maps.map_product import MapProduct
    from zoning.maps.paper.painter import To
    from zoning.maps.scene import Scene
    from zoning.maps.web.legal import Legal
    from zoning.workspace import Workspace

_SCREEN_M = 4.0
_ON_PAPER: "dict[Target, To]" = {Target.pdf: "pdf", Target.png: "png", Target.svg: "svg"}


class MapWriter:
    """Draws scenes as the request says and writes them into its folder.

    Parameters
    ----------
    territories
        Codes of those that the maps are of: their rules hold there.
    """

    def __init__(
        self, session: "Session", workspace: "Workspace", request: "MapRequest", territories: "Sequence[str]" = ()
    ) -> None:
        from zoning.maps.made import Made
        from zoning.styles.stylebook import read_stylebook
        from zoning.version import __version__

        self._session = session
        self._workspace = workspace
        self._request = request
        self._territories = territories
        self._changes = _changes_of_paper(request)
        self.folder = request.check.out or Path("out")
        self._made = Made(session.today().isoformat(), __version__, request.maker)
        outcomes = workspace.own_or_builtin("styles/outcomes.yaml")
        self._stylebook = read_stylebook(workspace.root / "styles", outcomes=outcomes)

    def on_paper(self, product: "MapProduct", shape: "BaseGeometry | None" = None) -> "MapProduct":
        """Return a product with the paper and the scale of the request; `shape`: longitude and latitude.

        Where a shape has no room at the scale of the product itself, the scale is made to fit.
        """
        from zoning.maps.paper_window import fits

        paper = product.paper.model_copy(update=self._changes)
        if shape is not None and "scale" not in self._changes and not fits(shape, paper):
            paper = paper.model_copy(update={"scale": "fit"})
        return product.model_copy(update={"paper": paper})

    def _require_room(self, scenes: "Sequence[Scene]", product: "MapProduct") -> None:
        """Refuse a scale at which a part would be cut off: what is not on the sheet would read as not being there."""
        from zoning.maps.paper_window import fits

        size, scale = product.paper.size, product.paper.scale
        for scene in scenes:
            if not fits(scene.frame.geometry, product.paper):
                name = scene.frame.name
                raise UsageError(
                    f"{name}按 1:{scale} 在 {size} 图幅上放不下；请换用更大的图幅、更小的比例尺，或 --scale fit",
                    f"{name} has no room on {size} at 1:{scale}: choose larger paper, a smaller scale, or --scale fit",
                )

    @property
    def detail_m(self) -> float | None:
        """How far drawn borders may lie from the true ones: what the paper cannot show, little on a screen, nothing."""
        return {Target.html: _SCREEN_M, Target.qgis: 0.0}.get(self._request.to)

    def write(
        self, scene: "Scene", product: "MapProduct", stem: str, *, sections: "Sequence[Scene]" = ()
    ) -> Iterator[Path]:
        """Write one map; yield the paths of its files.

        Parameters
        ----------
        sections
            Parts that have a page each where it is a PDF.

        Raises
        ------
        UsageError
            When a part would be cut off at the scale of the paper.
        ContentError
            When a file cannot be written.
        LayerError, CRSError
            When the relief or a layer of the page cannot be read.
        TilesError
            When the tiles of a large layer cannot be made.
        """
        from zoning.atomic_write import write_whole

        if self._request.to in _ON_PAPER:
            self._require_room(sections if self._request.to is Target.pdf and sections else (scene,), product)
        if sections and self._request.to is Target.pdf:
            path = self.folder / f"{stem}.pdf"
            write_whole(path, self._atlas(scene, sections, product))
            yield path
            return
        scene = replace(scene, relief=self._relief(scene.box, product, scene))
        target = self._request.to
        if target is Target.qgis:
            yield from self._write_qgis(scene, product, self.folder / stem)
            return
        path = self.folder / f"{stem}.{target}"
        write_whole(path, self._page(scene, product) if target is Target.html else self._paper(scene, product))
        yield path

    def _page(self, scene: "Scene", product: "MapProduct") -> str:
        from zoning.maps.web.page import render_zoning_page

        return render_zoning_page(
            scene,
            product,
            self._stylebook,
            self._session.language,
            legal=self._legal(scene, product),
            made=self._made,
            notice=self._workspace.settings.notice,
        )

    def _legal(self, scene: "Scene", product: "MapProduct") -> "Legal":
        from zoning.maps.audience import may_see
        from zoning.maps.web.legal import legal_of
        from zoning.rules.access.hits import LAYER

        shown = {layer.layer.id: layer.drawn_classes for layer in scene.layers}
        units = {
            zone.id
            for layer in scene.layers
            for zone in layer.zones
            if layer.layer.id == LAYER and may_see(layer.layer, layer.layer.id_field, product)
        }
        return legal_of(
            self._workspace.rulebook,
            on=date.fromisoformat(scene.on),
            territories=self._territories,
            classes=shown,
            units=sorted(units),
        )

    def _atlas(self, scene: "Scene", sections: "Sequence[Scene]", product: "MapProduct") -> bytes:
        from zoning.maps.paper.atlas import render_atlas

        return render_atlas(
            scene,
            sections,
            product,
            self._stylebook,
            self._session.language,
            self._made,
            relief=lambda box: self._relief(box, product),
        )

    def _paper(self, scene: "Scene", product: "MapProduct") -> bytes:
        from zoning.maps.paper.render import render_paper

        to = _ON_PAPER[self._request.to]

        def drawn(product: "MapProduct") -> bytes:
            return render_paper(scene, product, self._stylebook, self._session.language, self._made, to=to)

        try:
            return drawn(product)
        except UsageError:
            # Only a scale that was asked for is refused; that of a product gives way, as in `on_paper`.
            if "scale" in self._changes or not isinstance(product.paper.scale, int):
                raise
            return drawn(product.model_copy(update={"paper": product.paper.model_copy(update={"scale": "fit"})}))

    def _write_qgis(self, scene: "Scene", product: "MapProduct", folder: Path) -> Iterator[Path]:
        """Write into a folder beside, then move its files: what else lies in the folder is not ours.

        The old project goes before the first file comes, the new one comes last: it never shows the files of another.
        """
        from zoning.maps.qgis.project import write_qgis

        partial = folder.with_name(f".{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            partial.mkdir(parents=True)
            written = write_qgis(scene, product, self._stylebook, self._session.language, partial)
            folder.mkdir(exist_ok=True)
            (folder / written[0].name).unlink(missing_ok=True)
            for path in reversed(written):
                path.replace(folder / path.name)
        except OSError as error:
            reason = os_reason(error)
            raise ContentError(
                f"{folder}：写入失败（{reason.zh}）", f"{folder}: cannot be written ({reason.en})"
            ) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        yield from (folder / path.relative_to(partial) for path in written)

    def _relief(self, box: "Box", product: "MapProduct", scene: "Scene | None" = None) -> "Picture | None":
        from zoning.maps.content import Box
        from zoning.maps.hillshade import relief_picture

        files = [self._workspace.root / name for name in self._workspace.file.relief]
        if product.relief is None or not files:
            return None
        # On paper the land around is covered; a page and QGIS show all of the picture.
        covered = self._request.to in _ON_PAPER
        within = Box(*scene.frame.geometry.bounds) if scene is not None and not covered else None
        return relief_picture(files, box, product.relief, paper=self._stylebook.outcomes.paper, within=within)


def _changes_of_paper(request: "MapRequest") -> dict[str, object]:
    changes: dict[str, object] = {}
    if request.paper is not None:
        changes["size"] = request.paper.value
    if request.scale is not None:
        changes["scale"] = scale_of(request.scale)
    return changes
