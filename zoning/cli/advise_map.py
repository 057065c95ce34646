"""The map of an advice: drawn by the product `site-advice` of the workspace, on paper or as a page."""

from typing import TYPE_CHECKING

from zoning.cli.map import MapRequest, chosen_products
from zoning.cli.map_writing import MapWriter
from zoning.cli.writing import say_written
from zoning.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoning.cli.advise import AdviseRequest, Desk
    from zoning.cli.session import Session
    from zoning.maps.scene_advice import Advised

PRODUCT = "site-advice"


class AdviceMaps:
    """Draws what was advised, beside the other files of a run.

    Raises
    ------
    UsageError
        When a map is asked for without a folder to write it to.
    """

    def __init__(
        self, session: "Session", desk: "Desk", request: "AdviseRequest", territories: "Sequence[str]" = ()
    ) -> None:
        if request.map_to is None or request.check.out is None:
            raise UsageError("--map 须同时写 --out（写到哪个文件夹）", "--map needs --out: the folder to write it to")
        self._session = session
        self._desk = desk
        asked = MapRequest(request.check, product=PRODUCT, to=request.map_to)
        (self._product,) = chosen_products(desk.workspace, asked, ("advice",), PRODUCT)
        self._writer = MapWriter(session, desk.workspace, asked, territories)

    def write(self, advised: "Advised", stem: str) -> None:
        """Draw one map and say where it is."""
        import shapely

        from zoning.maps.scene_advice import advice_scene, fitting

        content = self._desk.content
        whole = shapely.union_all([zone.geometry for zone in advised.zones])
        product = self._writer.on_paper(fitting(self._product, advised), whole)
        scene = advice_scene(
            content.source, content.catalogue, product, advised, on=content.on, detail_m=self._writer.detail_m
        )
        for path in self._writer.write(scene, product, stem):
            say_written(self._session, path)
