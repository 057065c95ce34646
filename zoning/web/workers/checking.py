"""Checks and their questions in a worker: from a kept file to what the pages show."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from zoning.check import Examination, Refusal, check_sites
from zoning.quality.neighbours import with_overlap_warnings
from zoning.rules.facts import FactSheet, parse_facts
from zoning.rules.questions.desk import Desk, asked_about, beyond_answers, counts, open_questions, plain_question
from zoning.rules.told import Told
from zoning.sites import Limits, read_sites
from zoning.sites.site import Site
from zoning.web.workers.causes import code_of
from zoning.web.workers.handing import hand_over
from zoning.web.workers.keeper import FAULT_CODE

if TYPE_CHECKING:
    from zoning.web.workers.tasks import Kept

_DRAWN_DEGREES = 1e-7  # a centimetre: what is drawn is never measured
_MOST_ASKED = 20
"""Footprints of one file that questions are asked about together; of more the first ones are."""


def check(kept: "Kept", told: Mapping[str, Any]) -> dict[str, Any]:
    """Read a boundary file and check its footprints.

    Parameters
    ----------
    told
        `file`: path; `name`: what it was called; `on`: day; `facts`: by name; `options`: of `read_sites`.

    Returns
    -------
    dict
        `verdicts` (zoning.verdict/1), `sites` (id, name, GeoJSON geometry in lon/lat), `refused` (zh, en).

    Raises
    ------
    ZoningError
        When the file or the facts cannot be read; when there was no memory for a footprint.
    """
    verdicts, refused, drawn = [], [], []
    for result in _results(kept, told):
        if isinstance(result, Refusal):
            if code_of(result.error) != FAULT_CODE:
                raise result.error  # nothing is wrong with the footprint
            refused.append(result.error.text.plain())
            continue
        verdicts.append(result.verdict.plain())
        shape = json.loads(shapely.to_geojson(shapely.simplify(result.footprint.lonlat, _DRAWN_DEGREES)))
        drawn.append({"id": result.footprint.site.id, "name": result.footprint.site.name, "geometry": shape})
    return {"verdicts": verdicts, "sites": drawn, "refused": refused}


def questions(kept: "Kept", told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is still to be asked about the footprints of a boundary file.

    Parameters
    ----------
    told
        As of `check`.

    Returns
    -------
    dict
        `questions` in the order of what they decide (fact, kind, question, values, unit, pattern, hints, rules, sites),
        `at_most`, `usually`, `beyond`: by footprint what no answer can decide (zh, en), `derived`: facts that followed
        from others, `left_out`: footprints beyond the first `_MOST_ASKED`.

    Raises
    ------
    ZoningError
        When the file or the facts cannot be read.
    """
    examined = [result for result in _results(kept, told) if isinstance(result, Examination)]
    rulebook = kept.workspace.rulebook
    asked = tuple(
        asked_about(rulebook, found.footprint.site, found.verdict.site, found.situations)
        for found in examined[:_MOST_ASKED]
    )
    desk = Desk(rulebook, date.fromisoformat(told["on"]), Told(told.get("facts", {}), {}, {}, "facts"), asked)
    states = desk.states(FactSheet({}))
    found = open_questions(states, desk)
    most, usually = counts(states, found)
    titles = {name: layer.title for name, layer in kept.workspace.catalogue.layers.items()}
    return {
        "questions": [plain_question(question, desk, len(states)) for question in found],
        "at_most": most,
        "usually": usually,
        "beyond": {state.site.id: [text.plain() for text in beyond_answers(state, titles)] for state in states},
        "derived": sorted({one.fact for state in states for one in state.derived.derivations}),
        "left_out": len(examined) - len(asked),
    }


def _results(kept: "Kept", told: Mapping[str, Any]) -> Iterator[Examination | Refusal]:
    """Read the file at once; examine its footprints one by one.

    Raises
    ------
    ZoningError
        When file or facts cannot be read.
    """
    on = date.fromisoformat(told["on"])
    workspace = kept.workspace
    sites = _read(kept, told, on)
    facts = parse_facts(workspace.rulebook.vocabulary, told.get("facts", {}), "facts")
    return check_sites(
        [(site, facts) for site in sites],
        on=on,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=kept.source,
    )


def _read(kept: "Kept", told: Mapping[str, Any], on: date) -> tuple[Site, ...]:
    file = hand_over(Path(told["file"]), Path("in").absolute(), str(told.get("name", "")))
    options = dict(told.get("options", {}))
    return with_overlap_warnings(read_sites(file, expected=kept.extent(on), limits=Limits(), **options))
