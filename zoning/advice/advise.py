"""Advice on one site, in one call: what is left of it, where it would fit, how near another verdict is."""

from zoning.advice.entries import Advice, FlipEntry, PlacementsEntry, RemainderEntry, TermsEntry
from zoning.advice.flip import flip_distance
from zoning.advice.ground import Content
from zoning.advice.placement import Placements, placements
from zoning.advice.remainder import Remainder, remainder
from zoning.advice.scene import Scene
from zoning.advice.terms import Terms
from zoning.check import Examination
from zoning.rules.facts import FactSheet


def advise(content: Content, examination: Examination, facts: FactSheet, terms: Terms | None = None) -> Advice:
    """Advise on an examined site.

    Raises
    ------
    LayerError
        When a layer holds something that its definition does not know.
    """
    terms = terms or Terms()
    scene = Scene.around(content, examination.footprint, facts, terms.radius_m, examination)
    verdict = examination.verdict
    left = _remainders(scene, terms)
    placed = _placements(scene, terms)
    return Advice(
        on=verdict.on,
        site_id=verdict.site.id,
        site_name=verdict.site.name,
        source=verdict.site.source,
        area_m2=verdict.site.area_m2,
        decision=verdict.decision,
        summary=verdict.summary,
        terms=TermsEntry.of(terms, scene.ground.margin_m),
        remainder=tuple(RemainderEntry.of(found) for found in left),
        placements=tuple(PlacementsEntry.of(found) for found in placed),
        flip=FlipEntry.of(flip_distance(scene, terms)),
        unread_layers=scene.unread,
        unsettled_rules=scene.inescapable,
        everywhere=dict(scene.everywhere),
        learned_rules=tuple(sorted({rule for one in scene.learned for rule in one.rules})),
        notice=verdict.notice,
        digests={"site": verdict.digests.site, "rules": verdict.digests.rules, "program": verdict.digests.program},
    )


def _remainders(scene: Scene, terms: Terms) -> list[Remainder]:
    """Return what is left, and where they differ what is left when open questions are avoided or data may miss."""
    found = remainder(scene, terms, "prohibitions")
    if not found.pieces:
        known = remainder(scene, terms, "known")
        return [found, known] if known.pieces else [found]
    if all(set(piece.recheck.questions) <= set(scene.inescapable) for piece in found.pieces):
        return [found]
    return [found, remainder(scene, terms, "settled")]


def _placements(scene: Scene, terms: Terms) -> list[Placements]:
    found = placements(scene, terms, "prohibitions")
    best = found.best
    if best is None:
        known = placements(scene, terms, "known")
        return [found, known] if known.best is not None else [found]
    if set(best.recheck.questions) <= set(scene.inescapable):
        return [found]
    return [found, placements(scene, terms, "settled")]
