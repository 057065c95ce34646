"""Scene -> a folder for QGIS: GeoPackage with styles, project with relative paths, shaded relief."""

from collections.abc import Iterator
from pathlib import Path

from zoning.atomic_write import write_whole
from zoning.maps.content import Box
from zoning.maps.map_product import MapProduct
from zoning.maps.paper_window import window_around
from zoning.maps.qgis.document import Group, Project, ReliefFile, document
from zoning.maps.qgis.geopackage import geopackage
from zoning.maps.qgis.ground import Plane, Sheet, sheet_of
from zoning.maps.qgis.layout import Notes, print_layout
from zoning.maps.qgis.relief import relief_tiff
from zoning.maps.qgis.tables import Table, starts_on, tables_of
from zoning.maps.qgis.words import WORDS
from zoning.maps.scene import Scene
from zoning.maps.wording import THEMES
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language


def write_qgis(scene: Scene, product: MapProduct, stylebook: Stylebook, language: Language, folder: Path) -> list[Path]:
    """Write a map product that QGIS opens as it is drawn on our other maps; the same scene gives the same bytes.

    Parameters
    ----------
    folder
        Made where it does not exist; each file is written whole or not at all, the project last.

    Returns
    -------
    list of Path
        The project first, then what it names by relative paths: the relief, where there is one, and the GeoPackage.

    Raises
    ------
    ContentError
        When a file cannot be written.
    """
    tables = tables_of(scene, product, stylebook, language)
    plane = Plane.around(scene.box)
    data, relief = f"{product.id}.gpkg", f"{product.id}-relief.tif"
    files: dict[str, bytes] = {data: geopackage(tables, scene.on)}
    picture = None
    if scene.relief is not None:
        files[relief] = relief_tiff(scene.relief)
        picture = ReliefFile(relief, WORDS["relief"].get(language))
    groups = _groups(scene, tables, stylebook, language)
    view = plane.window(_shown(scene, product))
    sheet = sheet_of(product, plane, view, _lines(groups))
    notes = _notes(scene, product, stylebook, language, plane, sheet)
    project = Project(
        title=notes.title,
        abstract="\n".join(notes.lines),
        file=data,
        plane=plane,
        view=view,
        paper=stylebook.outcomes.paper,
        groups=groups,
        relief=picture,
    )
    files[f"{product.id}.qgs"] = document(project, print_layout(sheet, notes, project.paper)).encode("utf-8")
    for name, content in files.items():
        write_whole(folder / name, content)
    return [folder / name for name in reversed(files)]


def _shown(scene: Scene, product: MapProduct) -> Box:
    """Return the window of the first view; zones around a site reach beyond it, so that no sheet shows their end."""
    return window_around(scene.frame.geometry, product.margin) if scene.frame.kind == "site" else scene.box


def _groups(scene: Scene, tables: tuple[Table, ...], stylebook: Stylebook, language: Language) -> tuple[Group, ...]:
    """Return the tree: verdict, themes from top to bottom, and by name what nobody checked."""
    groups = [Group(WORDS["verdict_group"].get(language), tuple(t for t in tables if t.role in ("site", "conflicts")))]
    for theme, title in THEMES.items():
        members = sorted((t for t in tables if t.group == theme), key=lambda one: -one.order)
        groups.append(Group(title.get(language), tuple(members)))
    aside = tuple(t for t in tables if t.role in ("frame", "outside", "list"))
    missing = tuple(
        (stylebook.of_layer(one.layer.id).legend or one.layer.title).get(language)
        for one in scene.layers
        if one.presence == "no_data"
    )
    blank = tuple(t for t in tables if t.role == "uncovered")
    groups.append(Group(WORDS["no_data"].get(language), blank, missing))
    groups.append(Group(WORDS["frame"].get(language), aside))
    return tuple(group for group in groups if group.tables or group.missing)


def _lines(groups: tuple[Group, ...]) -> int:
    """Return how many lines the legend has: headings, layers, and the classes of those that have several."""
    drawings = [table.drawing for group in groups for table in group.tables if table.drawing]
    return len(groups) + len(drawings) + sum(len(one.categories) for one in drawings if len(one.categories) > 1)


def _notes(
    scene: Scene, product: MapProduct, stylebook: Stylebook, language: Language, plane: Plane, sheet: Sheet
) -> Notes:
    def word(key: str, **values: object) -> str:
        return WORDS[key].get(language).format(**values)

    drawn = [(one.layer.id, name) for one in scene.layers for name in one.drawn_classes]
    marks = [stylebook.marking_of(drawn).get(language)]
    if scene.schematic:
        marks.insert(0, word("schematic"))
    if scene.verdict is not None:
        marks.insert(0, word("preliminary"))
    system = word("geographic") if plane.zone is None else word("system", zone=plane.zone, code=plane.crs)
    lines = [*marks, word("data_on", on=scene.on), system]
    lines.extend(_absent(scene, product, stylebook, language, sheet))
    lines.append(word("shapes"))
    if product.notes is not None:
        lines.append(product.notes.get(language))
    gap = "" if language == "zh" else " "
    return Notes(
        title=f"{scene.frame.name}{gap}{product.title.get(language)}",
        lines=tuple(lines),
        legend=word("legend"),
        scale=None if sheet.scale is None else word("scale", scale=f"{sheet.scale:,}".replace(",", " ")),
        layout=word("layout"),
        language=language,
    )


def _absent(scene: Scene, product: MapProduct, stylebook: Stylebook, language: Language, sheet: Sheet) -> Iterator[str]:
    """Yield what the sheet must say of layers that cannot be seen on it."""
    hidden: dict[str, list[str]] = {key: [] for key in ("no_data", "empty", "out_of_scale", "switched_off")}
    for one in scene.layers:
        title = (stylebook.of_layer(one.layer.id).legend or one.layer.title).get(language)
        if one.presence != "drawn":
            hidden[one.presence].append(title)
        elif sheet.scale is not None and not stylebook.of_layer(one.layer.id).scale.holds(sheet.scale):
            hidden["out_of_scale"].append(title)
        elif not starts_on(one, product, stylebook):
            hidden["switched_off"].append(title)
    comma = "、" if language == "zh" else ", "
    for key, titles in hidden.items():
        if titles:
            words = WORDS[key].get(language)
            yield WORDS["not_drawn"].get(language).format(words=words, layers=comma.join(titles))
