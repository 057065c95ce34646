"""The verdict diff of `zoning compare --sites`: progress, interruption, verification."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.compare_parts import Parts, identity_of
from zoning.cli.compare_register import RegisterRequest, read_register
from zoning.cli.session import Session
from zoning.cli.telling import NowAndThen
from zoning.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zoning.cli.compare_sides import Sides
    from zoning.planning.compare.affected import Differences
    from zoning.planning.compare.verdict_changes import SiteChange
    from zoning.planning.compare.verdict_diff import RegisteredSite


@dataclass(frozen=True, slots=True)
class SitesRequest:
    """The options of a verdict diff."""

    register: Path
    facts: Path | None
    sets: tuple[str, ...]
    crs: str | None
    verify: int
    resume: bool
    restart: bool
    out: Path | None


@dataclass(frozen=True, slots=True)
class VerdictDiff:
    """What a verdict diff found.

    Attributes
    ----------
    everywhere
        Why all sites were checked again; empty where only some were.
    layers, rules
        What differs.
    verified, contradicted
        Sites said to be untouched that were checked all the same; those that came out otherwise.
    stale
        Number -> recorded decision, decision in the state of before: the register is of another state.
    """

    total: int
    rechecked: int
    everywhere: tuple[Text, ...]
    layers: tuple[str, ...]
    rules: tuple[str, ...]
    changes: "tuple[SiteChange, ...]"
    verified: int
    contradicted: tuple[int, ...]
    stale: "Mapping[int, tuple[str, str]]"
    parts: Parts


def diff_verdicts(session: Session, request: SitesRequest, sides: "Sides") -> VerdictDiff:
    """Check again what a change can reach, and list what comes out otherwise.

    Raises
    ------
    UsageError, ContentError, SiteError, CRSError, LayerError
        When options cannot be meant, register, facts, boundary file or a layer cannot be read, or what is finished
        cannot be kept.
    """
    from zoning.planning.compare.affected import differences
    from zoning.planning.compare.verdict_diff import affected_sites, sample

    wanted = RegisterRequest(request.register, request.facts, request.sets, request.crs)
    sites = read_register(session, wanted, sides.before)
    parts = Parts(request.out, identity_of(sides, sites), resume=request.resume, restart=request.restart)
    found = differences(sides.before.content, sides.after.content)
    places = affected_sites(sites, found, sides.after.content)
    _tell(session, len(places), len(sites), found)
    run = _Run(session, sides, sites, parts)
    changes, stale = run.check(places)
    touched = set(places)
    tried = sample([place for place in range(len(sites)) if place not in touched], request.verify)
    contradicted: tuple[int, ...] = ()
    if tried:
        wrong, _ = run.check(tried)
        contradicted = tuple(change.number for change in wrong)
        if wrong:
            listed = ", ".join(str(number) for number in contradicted)
            session.say(
                Text(
                    f"复核发现不受影响的判断有误（序号 {listed}）：改为全部重查。请报告此问题",
                    f"verification found sites wrongly taken for untouched ({listed}): all are checked again. "
                    "Please report this",
                )
            )
            places = list(range(len(sites)))
            changes, stale = run.check(places)
    return VerdictDiff(
        len(sites),
        len(places),
        found.everywhere,
        tuple(layer.layer for layer in found.layers),
        found.rules,
        changes,
        len(tried),
        contradicted,
        stale,
        parts,
    )


def _tell(session: Session, count: int, total: int, found: "Differences") -> None:
    session.say(Text(f"重查 {count}/{total} 个地块", f"checking {count} of {total} sites again"))
    for reason in found.everywhere:
        session.say(Text(f"  全部重查：{reason.zh}", f"  all of them: {reason.en}"))


class _Run:
    """Checks runs of sites and keeps what is finished."""

    def __init__(self, session: Session, sides: "Sides", sites: "Sequence[RegisteredSite]", parts: Parts) -> None:
        from zoning.planning.compare.verdict_diff import Recheck

        self._session = session
        self._sites = sites
        self._parts = parts
        self._recheck = Recheck(sides.before.content, sides.after.content)

    def check(self, places: Sequence[int]) -> "tuple[tuple[SiteChange, ...], dict[int, tuple[str, str]]]":
        """Check sites by their places; what a run before has finished is taken over."""
        from zoning.planning.compare.verdict_diff import chunks

        changes: list[SiteChange] = []
        stale: dict[int, tuple[str, str]] = {}
        say, done = NowAndThen(self._session), 0
        for run in chunks(places):
            found = self._parts.get(run)
            if found is None:
                found = self._recheck.check([self._sites[place] for place in run])
                self._parts.put(run, found)
            changes.extend(found.changes)
            stale.update(found.stale)
            done += len(run)
            say(Text(f"已重查 {done}/{len(places)}", f"checked {done}/{len(places)}"))
        return tuple(changes), stale
