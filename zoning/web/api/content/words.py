"""What the operations of the REST interface do, in Chinese: the English stands in the OpenAPI document."""

from collections.abc import Mapping
from typing import Final

_V1: Final = "/api/v1"
CHINESE: Final[Mapping[tuple[str, str], str]] = {
    ("POST", f"{_V1}/checks"): "检查地块并等待结论：site（GeoJSON）、text（坐标文字）、file 三选一",
    ("GET", f"{_V1}/checks"): "本人的检查记录，新的在前",
    ("GET", f"{_V1}/checks/{{check}}"): "一次检查及其结论（本人的或已共享的）",
    ("GET", f"{_V1}/checks/{{check}}/questions"): "这次检查还需回答的问题，按对结论的影响排序",
    ("GET", f"{_V1}/cases"): "案件列表，编号大的在前；可按状态、结论、行政区和文字筛选",
    ("POST", f"{_V1}/cases"): "登记案件；check 给出边界和第一次结论",
    ("GET", f"{_V1}/cases/{{case}}"): "一个案件及其结论、批注、人工改判（不含个人信息）；ETag 为版本",
    ("GET", f"{_V1}/cases/{{case}}/verdicts/{{number}}"): "案件的一次结论全文（zoning.verdict/1）",
    ("POST", f"{_V1}/cases/{{case}}/state"): "流转案件；须带 If-Match",
    ("POST", f"{_V1}/cases/{{case}}/notes"): "添加批注，批注不能修改",
    ("GET", f"{_V1}/layers"): "图层及其版本",
    ("GET", f"{_V1}/layers/{{layer}}"): "一个图层",
    ("GET", f"{_V1}/rules"): "规则；可按文件、图层筛选",
    ("GET", f"{_V1}/rules/{{rule}}"): "一条规则",
    ("GET", f"{_V1}/registers"): "台账类型",
    ("GET", f"{_V1}/registers/{{kind}}/records"): "台账记录（不含个人信息）；可按状态、行政区、范围筛选",
    ("GET", f"{_V1}/registers/{{kind}}/records/{{record}}"): "一条记录；ETag 为版本",
    (
        "POST",
        f"{_V1}/registers/{{kind}}/records/{{record}}/state",
    ): "流转一条记录；须带 If-Match；要附材料的请在页面上办理",
    ("GET", f"{_V1}/jobs"): "本人的任务，新的在前",
    ("GET", f"{_V1}/jobs/{{job}}"): "一个任务的进度和结果文件",
}
