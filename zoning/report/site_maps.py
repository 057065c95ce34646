"""The maps of the annex: sheets of A4 at scale, as pictures that every format can hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from zoning.check import Examination
from zoning.layers.catalogue import Catalogue
from zoning.maps.content import Picture as Relief
from zoning.maps.made import Made
from zoning.maps.map_product import MapProduct
from zoning.maps.scene import Scene
from zoning.overlay.source import LayerSource
from zoning.report.document import Picture
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

_WIDTH, _HEIGHT = 210.0, 297.0
_DPI = 200
"""What a printer of an office shows; more makes files that nobody can send."""
_A4 = {"size": "A4", "orientation": "portrait"}


@dataclass(frozen=True, slots=True)
class MapMaker:
    """Draws the site products of a workspace.

    Attributes
    ----------
    relief
        Returns the shading under a scene; None where the workspace has no elevations.
    """

    catalogue: Catalogue
    products: Sequence[MapProduct]
    stylebook: Stylebook
    source: LayerSource
    relief: Callable[[Scene, MapProduct], Relief | None]
    language: Language
    made: Made

    def draw(self, examination: Examination) -> tuple[Picture, ...]:
        """Return one sheet per product.

        Raises
        ------
        ZoningError
            When no font shows the texts of a map, or a layer cannot be read.
        """
        return tuple(self._sheet(examination, product) for product in self.products)

    def _sheet(self, examination: Examination, product: MapProduct) -> Picture:
        from zoning.maps.paper.render import render_paper
        from zoning.maps.scenes import site_scene

        on_a4 = product.model_copy(update={"paper": product.paper.model_copy(update=_A4)})
        scene = site_scene(examination, self.catalogue, on_a4, source=self.source)
        scene = replace(scene, relief=self.relief(scene, on_a4))
        png = render_paper(scene, on_a4, self.stylebook, self.language, self.made, to="png", dpi=_DPI)
        title = product.title.get(self.language)
        return Picture(f"map-{product.id}", png, title, width_mm=_WIDTH, height_mm=_HEIGHT, sheet=True)
