"""Does a report still say what its verdict says? Verdict, code, text and figures are compared with each other.

What this proves: that nobody changed the file by hand. It is no signature: whoever makes a new verdict makes a new
code, and only running the check again (`zoning.replay`) tells that the verdict follows from the data.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from zoning.quantities import hectares, mu
from zoning.report.digest import short_hash, verdict_digest
from zoning.report.document import Number
from zoning.report.reading import Found, read_report
from zoning.report.seal import Seal
from zoning.report.spoken import count_text
from zoning.rules.verdict import Verdict
from zoning.texts import Text

_MOST_CHANGES = 5
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Verification:
    """What came out.

    Attributes
    ----------
    genuine
        Verdict, code, text and figures belong together.
    sentences
        The answer first, then every difference.
    verdict
        The embedded verdict, where it can be read.
    """

    genuine: bool
    sentences: tuple[Text, ...]
    verdict: Verdict | None
    digest: str | None


def verify_report(content: bytes, name: str) -> Verification:
    """Compare a report with the verdict inside it.

    Raises
    ------
    ContentError
        When the file is no report, or is damaged.
    """
    found = read_report(content, name)
    if found.verdict is None:
        return _without_verdict(found)
    digest = verdict_digest(found.verdict)
    try:
        verdict = Verdict.from_json(found.verdict)
    except ValueError:
        text = Text("随附的研判结论已损坏，不能核对。", "The attached verdict is damaged: nothing can be verified.")
        return Verification(False, (text,), None, digest)  # noqa: FBT003 - the field says what it means
    seal = _seal(found)
    problems = [*_code(found, digest), *_text(found, seal, digest), *_figures(found, seal, verdict)]
    return Verification(not problems, (_answer(found, verdict, digest, problems), *problems), verdict, digest)


def verify_verdict(text: str, name: str) -> Verification:
    """Return code and digest of a verdict that was kept, to be compared with a paper.

    Raises
    ------
    ContentError
        When the text is no verdict.
    """
    from zoning.replay import read_verdict

    verdict = read_verdict(text, name)
    digest = verdict_digest(verdict.to_json())
    site, code = verdict.site.name or verdict.site.id, short_hash(digest)
    told = Text(
        f"研判结论“{site}”的核对码：{code}（SHA-256 {digest}）。",
        f"Check code of the verdict on “{site}”: {code} (SHA-256 {digest}).",
    )
    return Verification(True, (told,), verdict, digest)  # noqa: FBT003 - the field says what it means


def _answer(found: Found, verdict: Verdict, digest: str, problems: list[Text]) -> Text:
    code = short_hash(digest)
    site = verdict.site.name or verdict.site.id
    if problems:
        return Text(
            f"报告与研判结论不一致：文件在生成之后被改动过（{count_text(len(problems)).zh}）。",
            f"Report and verdict do not belong together: the file was changed after it was made "
            f"({count_text(len(problems)).en}).",
        )
    return Text(
        f"报告与研判结论一致：“{site}”，核对码 {code}，文字和数据自生成以来没有改动（{found.kind}）。",
        f"Report and verdict belong together: “{site}”, check code {code}; neither text nor figures were changed since "
        f"it was made ({found.kind}).",
    )


def _without_verdict(found: Found) -> Verification:
    text = Text(
        "文件中没有随附的研判结论（可能经另存、打印或截取）：不能核对。请向编制单位索取原始文件，"
        "或用核对码比对其保存的研判结论（JSON）。",
        "No verdict is attached (the file may have been saved anew, printed or cut): nothing can be verified. Ask the "
        "maker for the original, or compare the check code with the verdict (JSON) that was kept.",
    )
    codes = sorted(found.hashes)
    return Verification(False, (text,), None, codes[0] if codes else None)  # noqa: FBT003 - the field says what it means


def _code(found: Found, digest: str) -> Iterator[Text]:
    """Yield what is wrong with the codes: in the text, and in the metadata."""
    printed = short_hash(digest)
    whole = "".join(found.lines)
    if printed not in whole:
        yield Text(
            f"报告上的核对码与随附的研判结论不符（应为 {printed}）。",
            f"The check code of the report is not that of the attached verdict (it should be {printed}).",
        )
    if found.hashes != {digest}:
        yield Text(
            "文件属性中的摘要与随附的研判结论不符。", "The digest in the metadata is not that of the attached verdict."
        )


def _seal(found: Found) -> Seal | None:
    try:
        return Seal.from_json(found.seal or "")
    except (ValueError, KeyError, TypeError):
        return None


def _text(found: Found, seal: Seal | None, digest: str) -> Iterator[Text]:
    """Yield the lines that are not what they were."""
    if seal is None:
        yield Text("文字记录缺失或被改动。", "The record of the text is missing or was changed.")
        return
    if seal.digest != digest:
        yield Text("文字记录属于另一份研判结论。", "The record of the text belongs to another verdict.")
    matcher = difflib.SequenceMatcher(None, seal.lines, found.lines, autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    for _, i, j, k, m in changes[:_MOST_CHANGES]:
        yield _change(seal.lines[i:j], found.lines[k:m])
    left = len(changes) - _MOST_CHANGES
    if left > 0:
        yield Text(f"另有 {left} 处改动。", f"{left} more places were changed.")


def _change(before: tuple[str, ...], after: tuple[str, ...]) -> Text:
    was, now = (_shortened(" ".join(lines)) for lines in (before, after))
    if not before:
        return Text(f"增加了：“{now}”。", f"Added: “{now}”.")
    if not after:
        return Text(f"删除了：“{was}”。", f"Removed: “{was}”.")
    return Text(f"“{was}”被改为“{now}”。", f"“{was}” was changed to “{now}”.")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _figures(found: Found, seal: Seal | None, verdict: Verdict) -> Iterator[Text]:
    """Yield the figures of the verdict that the report does not show; of a shortened one those that it showed."""
    whole = "".join(found.lines)
    before = None if seal is None or seal.complete else "".join(seal.lines)
    for name, numbers in figures_of(verdict):
        shown = "".join(f"{n.value:.12g}" if found.kind == "xlsx" else n.text for n in numbers)
        if shown not in whole and (before is None or shown in before):
            figures = " / ".join(n.text for n in numbers)
            yield Text(
                f"研判结论中“{name.zh}”的数据（{figures}）在报告中找不到。",
                f"The report does not show the figures of the verdict for “{name.en}” ({figures}).",
            )


def figures_of(verdict: Verdict) -> Iterator[tuple[Text, tuple[Number, ...]]]:
    """Yield the areas that every report shows side by side: m², 公顷, 亩."""
    site = verdict.site
    yield Text("项目面积", "area of the site"), (Number(site.area_m2), Number(site.area_ha, 4), Number(site.area_mu))
    for entry in verdict.layers:
        for found in entry.classes:
            if found.overlap_m2 > 0 and entry.layer not in _HIDDEN:
                m2 = found.overlap_m2
                name = Text(f"{entry.title.zh} · {found.title.zh}", f"{entry.title.en} · {found.title.en}")
                yield name, (Number(m2), Number(hectares(m2), 4), Number(mu(m2)))


_HIDDEN = ("territory",)
