"""REST: layers with their editions, and rules in words."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import Field

from zoning.layers.catalogue import Layer
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.texts import Text
from zoning.web.access import signed_in
from zoning.web.api.content.models import (
    PROBLEMS,
    CitationTold,
    EditionTold,
    LayerList,
    LayerTold,
    NoParameters,
    Page,
    PageWanted,
    RuleList,
    RuleTold,
    Words,
)
from zoning.web.refusals import not_found
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of

routes = Routes(prefix="/api/v1", tags=["content"], in_schema=True)
_READERS = signed_in("layers:read")


class RulesWanted(Page):
    """Which rules: of one document, of one layer."""

    document: str = Field("", max_length=100)
    layer: str = Field("", max_length=100)


@routes.get("/layers", access=_READERS, response_model=LayerList, responses=PROBLEMS)
def list_layers(request: Request, page: PageWanted) -> Any:
    """Return the layers of the workspace with their editions."""
    server = server_of(request)
    layers = [server.workspace.catalogue[name] for name in sorted(server.workspace.catalogue.layers)]
    shown, following = part(layers, page)
    return LayerList(items=[_layer(server, one) for one in shown], total=len(layers), next=following)


@routes.get("/layers/{layer}", access=_READERS, response_model=LayerTold, responses=PROBLEMS)
def read_layer(request: Request, layer: str, _: NoParameters) -> Any:
    """Return one layer."""
    server = server_of(request)
    found = server.workspace.catalogue.layers.get(layer)
    if found is None:
        raise not_found("没有这个图层", "there is no such layer")
    return _layer(server, found)


@routes.get("/rules", access=_READERS, response_model=RuleList, responses=PROBLEMS)
def list_rules(request: Request, wanted: Annotated[RulesWanted, Query()]) -> Any:
    """Return the rules of the workspace."""
    rulebook = server_of(request).workspace.rulebook
    rules = [
        rule
        for rule in rulebook.rules
        if wanted.document in ("", rule.document)
        and (not wanted.layer or wanted.layer in {where.layer for where in rule.where})
    ]
    shown, following = part(rules, wanted)
    return RuleList(items=[_rule(rulebook, one) for one in shown], total=len(rules), next=following)


@routes.get("/rules/{rule}", access=_READERS, response_model=RuleTold, responses=PROBLEMS)
def read_rule(request: Request, rule: str, _: NoParameters) -> Any:
    """Return one rule."""
    rulebook = server_of(request).workspace.rulebook
    found = rulebook.get(rule)
    if found is None:
        raise not_found("没有这条规则", "there is no such rule")
    return _rule(rulebook, found)


def part(items: Sequence[Any], page: Page) -> tuple[Sequence[Any], int | None]:
    """Return a part of a list, and the offset of what follows."""
    end = page.offset + page.limit
    return items[page.offset : end], end if end < len(items) else None


def words(text: Text) -> Words:
    """Return a text."""
    return Words(zh=text.zh, en=text.en)


def _layer(server: Server, layer: Layer) -> LayerTold:
    now = layer.edition_on(server.today())
    editions = [
        EditionTold(
            edition=name,
            valid_from=edition.valid_from,
            valid_to=edition.valid_to,
            in_force=now is not None and now[0] == name,
            sha256=edition.sha256,
        )
        for name, edition in sorted(layer.editions.items(), key=lambda item: (item[1].valid_from, item[0]))
    ]
    return LayerTold(
        layer=layer.id,
        title=words(layer.title),
        group=layer.group,
        geometry=layer.geometry,
        authority=words(layer.authority),
        source=words(layer.source),
        schematic=layer.schematic,
        accuracy_m=layer.accuracy_m,
        public=layer.public,
        classes={name: words(one.title) for name, one in layer.classes.items()},
        editions=editions,
    )


def _rule(rulebook: Rulebook, rule: Rule) -> RuleTold:
    return RuleTold(
        rule=rule.id,
        title=words(rule.title),
        says=words(rule.says),
        citations=[
            CitationTold(
                document=one.document, title=words(rulebook.documents[one.document].title), section=one.section
            )
            for one in rule.citations
        ],
        territories=list(rule.territories),
        since=rule.in_force.from_,
        until=rule.in_force.to,
        scope=rule.scope,
        layers=sorted({where.layer for where in rule.where}),
        verified=rulebook.is_verified(rule),
    )
