"""The words of the report in both languages."""

from zoning.report.document import Tone, Word
from zoning.report.source import Source
from zoning.rules.access.words import NOT_COMPARED, RESULT_TITLES, Result
from zoning.rules.verdict import LayerEntry
from zoning.rules.wording.words import STATUSES
from zoning.texts import Text

T = Text
TITLES: dict[str, Text] = {
    "project": T("项目概况", "The project"),
    "basis": T("评价依据", "Basis of the check"),
    "overlay": T("空间叠加结果", "Overlay with the zones"),
    "parts": T("红线、底线、上线、清单四项符合性", "Red line, bottom line, upper limit, list"),
    "clauses": T("管控要求逐条对照", "Requirements clause by clause"),
    "protected": T("法定保护区", "Areas protected by law"),
    "findings": T("规则判定与理由", "Findings and reasons"),
    "missing": T("数据缺失与待补充信息", "Missing data and open questions"),
    "advice": T("规则文本给出的条件", "Conditions that the rules state"),
    "conclusion": T("初步研判结论", "Preliminary conclusion"),
    "annex_maps": T("附图", "Maps"),
    "annex_points": T("界址点坐标表", "Boundary points"),
    "annex_trace": T("判定过程与核对", "Trace and verification"),
}
ANNEXES = (T("附件一", "Annex A"), T("附件二", "Annex B"), T("附件三", "Annex C"))
NO_DATA = STATUSES["no_data"]
UNITS: dict[str, Text] = {"m2": T("m²", "m²"), "ha": T("公顷", "ha"), "mu": T("亩", "mu"), "m": T("m", "m")}
HEADS: dict[str, Text] = {
    "layer": T("图层 · 类别", "layer · class"),
    "status": T("是否涉及", "affected?"),
    "area": T("面积", "area"),
    "share": T("占比", "share"),
    "nearest": T("最近距离", "nearest"),
    "certainty": T("确定性", "certainty"),
    "flips": T("临界误差", "critical error"),
    "length": T("长度", "length"),
}
RESULT_TONES: dict[Result, Tone] = {
    "complies": "permitted",
    "violates": "prohibited",
    "not_concerned": "quiet",
    "to_verify": "undetermined",
}
_STATUS_TONES: dict[str, Tone] = {
    "affected": "affected",
    "possible": "possible",
    "not_affected": "plain",
    "no_data": "no_data",
}
WORDS: dict[str, Text] = {
    "page": T("第 {page} 页，共 {pages} 页", "page {page} of {pages}"),
    "digest": T("核对码", "check code"),
    "preliminary": T("初步研判结果，不作为审批依据", "Preliminary check, no basis for approval"),
    "verdict_name": T("研判结论", "verdict"),
    "qr": T("核对码的二维码", "QR code of the check code"),
}


def status_word(source: Source, entry: LayerEntry | None) -> Word:
    """Return the word for what is known of a layer; `不涉及` only where the layer was loaded and covers the site."""
    status = "no_data" if entry is None else entry.status
    if entry is not None and status == "not_affected" and entry.uncovered_m2 > 0:
        status = "no_data"
    return Word(source.say(STATUSES[status]), _STATUS_TONES[status])


def result_word(source: Source, result: Result | None) -> Word:
    """Return how a clause comes out; None where there is no list to compare with."""
    if result is None:
        return Word(source.say(NOT_COMPARED), "no_data")
    return Word(source.say(RESULT_TITLES[result]), RESULT_TONES[result])
