"""The modes of parcels as they are printed: totals, then each parcel with what is recommended and why."""

from collections import Counter
from typing import TYPE_CHECKING

from zoning.cli.printing import print_line
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.mines.modes_law import ModesLaw
    from zoning.mines.suitability.content import Suitability
    from zoning.mines.suitability.recommend import Recommendation
    from zoning.mines.suitability.run import Modes, ParcelModes

_SHOWN = 12
_REASONS = 2
_GROUPS = (("target", Text("修复方向", "target")), ("way", Text("修复方式", "way")))


def print_modes(session: Session, modes: "Modes") -> None:
    """Print the summary of a run."""
    language = session.language
    count = len(modes.parcels)
    head = Text(f"修复方向建议：{count} 个图斑", f"restoration mode of {count} parcels")
    print_line(session, 0, head.get(language))
    print_line(session, 1, modes.content.note.get(language))
    for name, title in _GROUPS:
        _totals(session, modes, name, title)
    for name, why in list(modes.skipped.items())[:_SHOWN]:
        print_line(
            session, 1, f"! {Text(f'未评价 {name}：{why.zh}', f'not looked at: {name}: {why.en}').get(language)}"
        )
    if len(modes.skipped) > _SHOWN:
        rest = len(modes.skipped) - _SHOWN
        print_line(session, 1, Text(f"! 另有 {rest} 个未评价", f"! {rest} more were not looked at").get(language))
    for parcel in modes.parcels[:_SHOWN]:
        _print_parcel(session, modes.content, modes.law, parcel)
    if count > _SHOWN:
        more = Text(f"其余 {count - _SHOWN} 个见 --out 的文件", f"{count - _SHOWN} more in the files of --out")
        print_line(session, 0, more.get(language))
    _stability(session, modes)


def _totals(session: Session, modes: "Modes", group: str, title: Text) -> None:
    from zoning.mines.suitability.wording import decision_text, mode_title

    language = session.language
    found: list[Recommendation] = [getattr(parcel, group) for parcel in modes.parcels]
    counts = Counter((one.mode, decision_text(one.ruling).get(language)) for one in found)
    print_line(session, 0, title.get(language))
    for (mode, decision), number in sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))):
        name = mode_title(modes.content, mode).get(language)
        told = name if mode is None else f"{name} · {decision}"
        print_line(session, 1, f"{number:>4}  {told}")


def _print_parcel(session: Session, content: "Suitability", law: "ModesLaw", parcel: "ParcelModes") -> None:
    from zoning.mines.suitability.wording import reason_text

    barrable = content.modes
    language = session.language
    print_line(session, 0, f"{parcel.record.id} {parcel.record.name}".rstrip())
    for name, title in _GROUPS:
        _print_choice(session, content, title, getattr(parcel, name))
    for mode, score in parcel.scores.items():
        if score.knocked_out_by:
            why = [content.criteria[name].title.get(language) for name in score.knocked_out_by]
            label = Text("限值排除", "out by a limit")
            told = session.labelled(content.modes[mode].title, ("、" if language == "zh" else ", ").join(why))
            print_line(session, 1, session.labelled(label, told))
    # The ways by themselves, then the share for industry and works on the way.
    for check in [*parcel.target.forbidden, *parcel.way.forbidden, *(one for one in law.checks if one not in barrable)]:
        reasons = parcel.rulings[check].prohibiting
        title = law.checks[check].title
        label = Text(f"{title.zh} 不可行", f"barred: {title.en}")
        for reason in reasons[:_REASONS]:
            print_line(session, 1, session.labelled(label, reason_text(reason).get(language)))
        if len(reasons) > _REASONS:
            more = len(reasons) - _REASONS
            print_line(session, 2, Text(f"另有 {more} 条规则", f"{more} more rules").get(language))
    for one in parcel.rulings[next(iter(law.checks))].duties:
        print_line(session, 1, session.labelled(Text("同时要求", "also required"), reason_text(one).get(language)))


def _print_choice(session: Session, content: "Suitability", title: Text, found: "Recommendation") -> None:
    from zoning.mines.suitability.wording import decision_text, mode_title, open_texts, score_text

    language = session.language
    name = mode_title(content, found.mode).get(language)
    if found.score is None:
        print_line(session, 1, session.labelled(title, name))
        return
    told = f"{name} {score_text(found.score.interval)} · {decision_text(found.ruling).get(language)}"
    print_line(session, 1, session.labelled(title, told))
    for text in open_texts(found, content):
        print_line(session, 2, f"? {text.get(language)}")
    if found.mode != found.settled and found.settled is not None:
        best = mode_title(content, found.settled)
        text = Text(f"没有疑问的首选：{best.zh}", f"best without open questions: {best.en}")
        print_line(session, 2, text.get(language))


def _stability(session: Session, modes: "Modes") -> None:
    language = session.language
    shares = [one.same for one in modes.targets.parcels if one.same is not None]
    if not shares:
        return
    told = modes.content.sensitivity
    mean = sum(shares) / len(shares) * 100
    moved = sum(bool(one.nudges) for one in modes.targets.parcels)
    text = Text(
        f"权重敏感性：{told.samples} 组随机权重下首选方向平均 {mean:.0f} % 不变；"
        f"单个权重 ±{told.step * 100:.0f} % 会改变 {moved} 个图斑的首选",
        f"sensitivity: of {told.samples} random sets of weights {mean:.0f} % on average keep the best target; "
        f"one weight moved by {told.step * 100:.0f} % changes that of {moved} parcels",
    )
    print_line(session, 0, text.get(language))
