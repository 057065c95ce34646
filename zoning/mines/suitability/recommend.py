"""Which mode is recommended: the best-scored one that neither a limit nor the law rules out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zoning.mines.modes_law import Question, Ruling
from zoning.mines.suitability.content import Group, Suitability
from zoning.mines.suitability.scoring import Score, ranked


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What is recommended of a group of modes at a parcel.

    Attributes
    ----------
    mode
        None where limits and law rule out all of them.
    ruling
        Of that mode. Where it is open, the mode is recommended only under its questions.
    order
        All modes that no limit knocks out, best first, forbidden ones as well.
    forbidden
        Modes of `order` that the law forbids.
    settled
        The best mode with nothing open: permitted or restricted; None where there is none.
    is_clear
        Whether it stays the best of those that are allowed wherever in their intervals the scores lie.
    """

    group: Group
    mode: str | None
    score: Score | None
    ruling: Ruling | None
    order: tuple[str, ...]
    forbidden: tuple[str, ...]
    settled: str | None
    is_clear: bool

    @property
    def questions(self) -> tuple[Question, ...]:
        """What has to be answered before it holds; none where nothing is open."""
        return self.ruling.questions if self.ruling is not None and self.ruling.is_open else ()


def recommend(
    content: Suitability, group: Group, scores: Mapping[str, Score], rulings: Mapping[str, Ruling]
) -> Recommendation:
    """Recommend one mode of a group.

    A mode that was not checked, or has no check, is never recommended.
    """
    order = ranked(content, scores, list(content.of(group)))
    checked = [one for one in order if _decision(rulings, one.mode) is not None]
    allowed = [one for one in checked if _decision(rulings, one.mode) != "prohibited"]
    best = allowed[0] if allowed else None
    return Recommendation(
        group=group,
        mode=None if best is None else best.mode,
        score=best,
        ruling=None if best is None else rulings[best.mode],
        order=tuple(one.mode for one in order),
        forbidden=tuple(one.mode for one in checked if one not in allowed),
        settled=next((one.mode for one in allowed if not rulings[one.mode].is_open), None),
        is_clear=best is not None and all(best.interval.low >= one.interval.high for one in allowed[1:]),
    )


def _decision(rulings: Mapping[str, Ruling], mode: str) -> str | None:
    ruling = rulings.get(mode)
    return None if ruling is None else ruling.decision


def allowed_modes(content: Suitability, group: Group, rulings: Mapping[str, Ruling]) -> Sequence[str]:
    """Return the modes of a group that the law does not forbid."""
    return [mode for mode in content.of(group) if _decision(rulings, mode) not in (None, "prohibited")]
