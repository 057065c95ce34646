"""Find, open, cross-check and copy a workspace: the folder with `zoning.yaml`."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import shapely
from pydantic import Field

from zoning.check import Examination, check_site
from zoning.errors import ContentError, UsageError, WorkspaceNotFoundError, every_mistake, os_reason
from zoning.layers.catalogue import Catalogue, Layer
from zoning.layers.datum import Bounds
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.source import LayerSource
from zoning.quantities import Area, Length
from zoning.rules.access.lists import FOLDER as ACCESS_LISTS
from zoning.rules.access.lists import places_of_list
from zoning.rules.facts import FactSheet, parse_facts
from zoning.rules.places import Where
from zoning.rules.rule import Rule
from zoning.rules.rule_lines import line_of, places_of
from zoning.rules.rulebook import Rulebook, read_rulebook
from zoning.rules.verdict import Verdict
from zoning.settings import Settings
from zoning.sites.site import Site
from zoning.strict_models import Content
from zoning.texts import Language, Text
from zoning.yaml_files import Key, Problem, content_error, load, read_model

if TYPE_CHECKING:
    from zoning.maps.web_map import MapOptions
    from zoning.replay import Replay
    from zoning.rules.wording.explain import Explanation

PACKAGE = Path(__file__).resolve().parent
MARKER = "zoning.yaml"
CONTENT = ("layers", "rules", "styles", "maps")
LATER = ("plans", "mines")  # what workspaces of earlier versions do not have


class WorkspaceFile(Content):
    """What `zoning.yaml` says.

    latitude: parallel of true scale of the measuring plane, near the territories, degrees;
    search_distance: how far around a site the nearest zones are looked for;
    tolerance: overlaps below this area count as slivers, unless the layer states its own.
    """

    title: Text
    latitude: Annotated[float, Field(ge=-80, le=80)]
    territory_layer: str
    search_distance: Length
    tolerance: Area
    notice: Text
    relief: tuple[str, ...] = ()


class Parts(TypedDict):
    """What a check needs of a workspace."""

    catalogue: Catalogue
    rulebook: Rulebook
    settings: Settings


@dataclass(frozen=True)
class Workspace:
    """An opened workspace: the folder with `zoning.yaml`. Definitions of layers are read at once, rules on first use.

    Examples
    --------
    >>> workspace = Workspace.open(builtin_root())
    >>> workspace.catalogue["rivers"].title.get("zh")
    '河流（两岸岸线之间）'
    """

    root: Path
    file: WorkspaceFile
    catalogue: Catalogue

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules, cross-checked against the layers.

        Raises
        ------
        ContentError
            With every mistake in `rules/`, and with every class that its layer does not have.
        """
        rulebook = read_rulebook(self.root / "rules")
        problems = [p for rule in rulebook.rules for p in _unknown_places(rule, self.catalogue, self.root)]
        for edition in rulebook.access_lists.editions.values():
            path = self.root / "rules" / ACCESS_LISTS / f"{edition.id}.yaml"
            problems.extend(_unknown_classes(path, places_of_list(edition), self.catalogue))
        if problems:
            raise content_error(problems, self.root)
        return rulebook

    @property
    def settings(self) -> Settings:
        """What the check needs to know of the workspace."""
        return Settings(
            name=self.file.title.en,
            latitude=self.file.latitude,
            search_m=self.file.search_distance,
            tolerance_m2=self.file.tolerance,
            notice=self.file.notice,
        )

    def source(self, prepared: Path | None = None) -> LayerSource:
        """Return where the layers come from.

        Parameters
        ----------
        prepared
            Folder of prepared layers: they are used where they are current, else windows of the sources.
        """
        plane = MeasuringPlane(self.file.latitude)
        if prepared is None or not prepared.is_dir():
            return LayerSource(self.catalogue, plane)
        from zoning.overlay.prepared.store import PreparedStore

        return LayerSource(self.catalogue, plane, PreparedStore(prepared, self.catalogue, plane))

    def check(
        self,
        site: Site,
        facts: FactSheet | Mapping[str, object] | None = None,
        *,
        on: date,
        source: LayerSource | None = None,
    ) -> Examination:
        """Check one footprint; see `check_site`, which this calls with the parts of the workspace.

        Parameters
        ----------
        facts
            Fact sheet, or answers by the names of the facts; what is not in it is not known.
        on
            The day whose law and whose editions of the layers count.

        Raises
        ------
        ZoningError
            When rules or facts have mistakes, or the footprint is refused; see `check_site`.
        """
        sheet = facts if isinstance(facts, FactSheet) else parse_facts(self.rulebook.vocabulary, facts or {}, "facts")
        return check_site(site, sheet, on=on, **self._parts(), source=source or self.source())

    def explain(self, examination: Examination) -> "dict[str, tuple[Explanation, ...]]":
        """Return the tree of every rule in force, by territory: its conditions, what was found, what came of it."""
        from zoning.rules.wording.explain import explain

        return {
            territory: tuple(
                explain(rule, situation, self.rulebook, self.catalogue)
                for rule in self.rulebook.in_force(situation.on, territory)
            )
            for territory, situation in examination.situations.items()
        }

    def replay(self, verdict: Verdict, *, source: LayerSource | None = None) -> "Replay":
        """Run a verdict again from its own trace; see `replay_verdict`.

        Raises
        ------
        ZoningError
            When rules have mistakes, or the site or its facts are refused now.
        """
        from zoning.replay import replay_verdict

        return replay_verdict(verdict, **self._parts(), source=source)

    def site_map(
        self,
        examination: Examination,
        language: Language = "zh",
        *,
        source: LayerSource | None = None,
        options: "MapOptions | None" = None,
    ) -> str:
        """Return the map of an examined footprint: one HTML page with everything in it.

        Parameters
        ----------
        options
            A base map from elsewhere; without it the page needs no network.

        Raises
        ------
        ContentError, LayerError
            When rules, styles or product have mistakes; when relief or a layer cannot be read.
        UsageError
            When there is no such base map, or its key is missing.
        """
        from zoning.maps.gathering import content_from
        from zoning.maps.hillshade import relief_picture
        from zoning.maps.product import read_site_map
        from zoning.maps.sheet import sheet_of
        from zoning.maps.web_map import MapOptions, render_site_map
        from zoning.rules.wording.territories import read_territories
        from zoning.styles.stylebook import read_stylebook

        stylebook = read_stylebook(self.root / "styles", outcomes=self.own_or_builtin("styles/outcomes.yaml"))
        product = read_site_map(self.own_or_builtin("maps/site-map.yaml"))
        files = [self.root / name for name in self.file.relief]
        box = sheet_of(examination.footprint.lonlat, product.sheet)
        content = content_from(
            examination,
            self.catalogue,
            product,
            relief=relief_picture(files, box, product.relief, paper=stylebook.outcomes.paper) if files else None,
            source=source or self.source(),
            territories=read_territories(self.root / "rules"),
        )
        shown = options or MapOptions(None, "")
        return render_site_map(content, language=language, product=product, stylebook=stylebook, options=shown)

    def own_or_builtin(self, name: str) -> Path:
        """Return a file of the workspace; where it has none, the one that comes with the program.

        Raises
        ------
        WorkspaceNotFoundError
            When it has none and the installation is not whole.
        """
        own = self.root / name
        return own if own.is_file() else builtin_root() / name

    def _parts(self) -> Parts:
        return {"catalogue": self.catalogue, "rulebook": self.rulebook, "settings": self.settings}

    def extent(self, on: date, source: LayerSource | None = None) -> Bounds:
        """Return the lon/lat envelope of all territories: where footprints are expected.

        Raises
        ------
        LayerError
            When the territories cannot be read.
        """
        source = source or self.source()
        found = source.territories(on)
        # In the cylindrical plane meridians and parallels are straight: its box is the box of degrees.
        box = shapely.box(*shapely.total_bounds(found.whole()))
        west, south, east, north = source.plane.to_lonlat([box])[0].bounds
        return float(west), float(south), float(east), float(north)

    @classmethod
    def open(cls, root: Path) -> "Workspace":
        """Open the workspace in `root`.

        Raises
        ------
        ContentError
            With the mistakes in `zoning.yaml`, or all of `layers/`; WorkspaceNotFoundError where it is none.
        """
        if not (root / MARKER).is_file():
            raise _not_found(root)
        file = read_model(root / MARKER, WorkspaceFile)
        layers = _read_layers(root)
        if file.territory_layer not in layers:
            text = Text(f"没有图层“{file.territory_layer}”", f"there is no layer '{file.territory_layer}'")
            raise content_error([Problem(root / MARKER, 1, text)], root)
        return cls(root, file, Catalogue(root, layers, file.territory_layer))


def builtin_root() -> Path:
    """Return the folder of the built-in workspace: zoning/builtin in a wheel, the repository in a checkout.

    Raises
    ------
    WorkspaceNotFoundError
        When the installation is not whole.

    Examples
    --------
    >>> (builtin_root() / "examples" / "school.geojson").is_file()
    True
    """
    for root in (PACKAGE / "builtin", PACKAGE.parent):
        if (root / MARKER).is_file():
            return root
    places = f"{PACKAGE / 'builtin'}, {PACKAGE.parent}"
    raise WorkspaceNotFoundError(f"找不到内置工作空间：{places}", f"the built-in workspace is in none of: {places}")


def find_workspace(explicit: Path | None, environ: Mapping[str, str], folder: Path) -> tuple[Path, bool]:
    """Return the folder of the workspace to use, and whether it is the built-in one taken for want of another.

    Looked for in this order: the explicit folder, `$ZONING_WORKSPACE`, the nearest parent of `folder` with
    `zoning.yaml`, the built-in one.

    Raises
    ------
    WorkspaceNotFoundError
        When the folder that is named is no workspace, or the built-in one is needed and not whole.
    """
    named = explicit or (Path(environ["ZONING_WORKSPACE"]) if environ.get("ZONING_WORKSPACE") else None)
    if named is not None:
        if not (named / MARKER).is_file():
            raise _not_found(named)
        return named.resolve(), False
    for parent in (folder, *folder.parents):
        if (parent / MARKER).is_file():
            return parent, False
    return builtin_root(), True


def copy_workspace(source: Path, target: Path) -> None:
    """Copy the content of a workspace into a new folder; nothing is left behind when the copy fails.

    Raises
    ------
    UsageError
        When `target` exists and is not empty.
    ContentError
        When something cannot be read or written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} 已存在且不为空；请换一个文件夹", f"{target} exists and is not empty; choose another folder"
        )
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        shutil.copy2(source / MARKER, partial / MARKER)
        for name in (*CONTENT, *(name for name in LATER if (source / name).is_dir())):
            shutil.copytree(source / name, partial / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        if target.exists():
            target.rmdir()
        partial.rename(target)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        reason = os_reason(error)
        raise ContentError(
            f"{target}：写入失败（{reason.zh}），未留下任何文件",
            f"{target}: cannot be written ({reason.en}); nothing was left",
        ) from error


def _read_layers(root: Path) -> dict[str, Layer]:
    layers: dict[str, Layer] = {}
    mistakes: list[ContentError] = []
    for path in sorted((root / "layers").glob("*.yaml")):
        try:
            layers[path.stem] = read_model(path, Layer, id=path.stem)
        except ContentError as error:
            mistakes.append(error)
    if mistakes:
        raise every_mistake(error.text for error in mistakes)
    if not layers:
        raise ContentError(f"{root / 'layers'}：没有图层定义", f"{root / 'layers'}: there are no layer files")
    return layers


def _unknown_places(rule: Rule, catalogue: Catalogue, root: Path) -> list[Problem]:
    return _unknown_classes(root / "rules" / rule.document / f"{rule.id}.yaml", places_of(rule), catalogue)


def _unknown_classes(path: Path, places: Iterable[tuple[Key, Where]], catalogue: Catalogue) -> list[Problem]:
    problems: list[Problem] = []
    for key, where in places:
        layer = catalogue.layers.get(where.layer)
        if layer is None:
            # A workspace may hold fewer layers than its rules speak of: the check then says "no data".
            continue
        for name in where.classes:
            if name not in layer.classes:
                allowed = ", ".join(layer.classes)
                text = Text(
                    f"图层 {layer.id} 没有类别“{name}”；可用：{allowed}",
                    f"layer {layer.id} has no class '{name}'; allowed: {allowed}",
                )
                problems.append(Problem(path, line_of(load(path), (*key, "classes")), text))
    return problems


def _not_found(root: Path) -> WorkspaceNotFoundError:
    return WorkspaceNotFoundError(
        f"{root}：不是工作空间（没有 {MARKER}）；用 zoning init 新建一个",
        f"{root} is no workspace (no {MARKER}); make one with: zoning init",
    )


def examples_folder() -> Path:
    """Return the folder of the example boundary files that go with the built-in workspace.

    Raises
    ------
    WorkspaceNotFoundError
        When the installation is not whole.
    """
    return builtin_root() / "examples"
