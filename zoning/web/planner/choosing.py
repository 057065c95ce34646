"""What can be chosen in the forms of tools: territories, layers, editions, plans, of the workspace as it stands."""

from zoning.texts import Text
from zoning.web.editions.listing import territory_names
from zoning.web.planner.tools import Choices, Field
from zoning.web.server import Server

SEPARATOR = " / "


def territories(server: Server) -> Choices:
    """Return the territories."""
    return territory_names(server)


def layers(server: Server) -> Choices:
    """Return the layers that have an edition today."""
    on = server.today()
    found = server.workspace.catalogue.layers
    return {name: layer.title for name, layer in found.items() if layer.edition_on(on) is not None}


def editions(server: Server) -> Choices:
    """Return the editions of all layers with more than one: "layer / edition"."""
    found = {}
    for name, layer in server.workspace.catalogue.layers.items():
        if len(layer.editions) > 1:
            for edition, about in layer.editions.items():
                day = about.valid_from
                title = Text(f"{layer.title.zh}：{edition}（{day} 起）", f"{layer.title.en}: {edition} (from {day})")
                found[f"{name}{SEPARATOR}{edition}"] = title
    return found


def works_kinds(server: Server) -> Choices:
    """Return what a site may be for, as the facts of the rules name it."""
    fact = server.workspace.rulebook.vocabulary.facts.get("activity")
    return dict(fact.values) if fact is not None else {}


def building(server: Server) -> Choices:
    """Return the kinds of construction."""
    fact = server.workspace.rulebook.vocabulary.facts.get("construction")
    return dict(fact.values) if fact is not None else {}


TERRITORY = Field("territory", Text("行政区", "Territory"), "choice", territories, required=True)
ANY_TERRITORY = Field(
    "territory", Text("行政区", "Territory"), "choice", territories, empty=Text("全部", "all of them")
)
