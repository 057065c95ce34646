"""The tools of planners: audit, comparison, indicators, statistics, units, choice of sites."""

from collections.abc import Sequence
from typing import Final

from zoning.errors import UsageError
from zoning.texts import Text
from zoning.web.planner.choosing import (
    ANY_TERRITORY,
    SEPARATOR,
    TERRITORY,
    building,
    editions,
    layers,
    works_kinds,
)
from zoning.web.planner.tools import AREA, NUMBER, Choices, Field, Given, Tool
from zoning.web.server import Server

OUT: Final = "--out={out}"
_DATA: Final = (".gpkg", ".geojson", ".zip", ".shp", ".gml")
_ONE_LAYER: Final = Field("layer", Text("图层", "Layer"), "choice", layers, required=True)
_LAYERS: Final = Field(
    "layer", Text("图层", "Layers"), "choices", layers, hint=Text("不选为全部", "none chosen: all of them")
)


def _audit(server: Server, given: Given) -> Sequence[str]:
    del server
    arguments = ["plan", "audit", OUT, *given.options("territory")]
    if "file" not in given.files:
        return [*arguments, *given.options("layer")]
    chosen = given.values.get("layer", ())
    if len(chosen) != 1:
        raise UsageError(
            "上传文件时请选一个图层：文件代替它的现行版本", "choose one layer: the file stands for its edition"
        )
    return [*arguments, f"--layer={chosen[0]}", f"--with={chosen[0]}={given.files['file']}"]


def _editions(server: Server, given: Given) -> Sequence[str]:
    del server
    (layer, before), (other, after) = (given.one(name).split(SEPARATOR, 1) for name in ("before", "after"))
    if layer != other:
        raise UsageError("请选同一图层的两个版本", "choose two editions of the same layer")
    if before == after:
        raise UsageError("请选两个不同的版本", "choose two different editions")
    return ["compare", f"--layer={layer}", f"--from={before}", f"--to={after}", OUT]


def _with_file(server: Server, given: Given) -> Sequence[str]:
    layer = given.one("layer")
    held = server.workspace.catalogue.layers[layer].edition_on(server.today())
    if held is None or held[1].file is None:
        raise UsageError(
            "此图层的现行版本在数据库中，不能与文件比较；请在“图层”页上传为新版本后比较",
            "its edition is in a database and cannot be compared with a file: upload the file as a new edition instead",
        )
    present = server.settings.workspace / "layers" / held[1].file
    return ["compare", f"--layer={layer}", OUT, str(present), given.files["file"]]


def _indicators(server: Server, given: Given) -> Sequence[str]:
    del server
    return ["plan", "indicators", OUT, *given.options("territory")]


def _statistics(server: Server, given: Given) -> Sequence[str]:
    del server
    return ["plan", "statistics", OUT, *given.options("territory", "by", "layer")]


def _units(server: Server, given: Given) -> Sequence[str]:
    del server
    return ["plan", given.one("scheme"), OUT, *given.options("territory", "previous", "minimum")]


def _select(server: Server, given: Given) -> Sequence[str]:
    del server
    arguments = ["advise", "--select", OUT, "--map=html", *given.options("area", "width", "places")]
    where = given.files.get("within") or given.one("territory")
    if not where:
        raise UsageError("请选行政区，或上传选址范围", "choose a territory, or upload where to look")
    return [*arguments, f"--within={where}", *_facts(given)]


def _advise(server: Server, given: Given) -> Sequence[str]:
    del server
    return ["advise", OUT, "--map=html", *_facts(given), given.files["site"]]


def _facts(given: Given) -> list[str]:
    facts = [f"--set={name}={given.one(name)}" for name in ("construction",) if given.one(name)]
    if given.values.get("activity"):
        facts.append(f"--set=activity={','.join(given.values['activity'])}")
    return facts


def _schemes(server: Server) -> Choices:
    del server
    return {
        "units": Text("生态环境管控单元", "environmental management units"),
        "zones": Text("国土空间规划分区", "zones of the spatial plan"),
    }


def _previous(server: Server) -> Choices:
    del server
    return {"none": Text("重新编码", "number them anew")}


def _by(server: Server) -> Choices:
    found = {"townships": Text("乡镇", "townships"), "none": Text("不分", "not divided")}
    return {name: title for name, title in found.items() if name == "none" or name in layers(server)}


_CONSTRUCTION: Final = Field(
    "construction", Text("建设性质", "Construction"), "choice", building, empty=Text("不知道", "not known")
)
_ACTIVITY: Final = Field("activity", Text("活动", "Activities"), "choices", works_kinds)
PLAN_TOOLS: Final[tuple[Tool, ...]] = (
    Tool(
        "plan-audit",
        Text("图层审核", "Audit of layers"),
        Text(
            "三条控制线互不重叠、应划入的划入、空隙、重叠、图形和编码错误，逐条列出依据和位置。",
            "Control lines that overlap, land that ought to be in, gaps, broken shapes and codes: each with its place.",
        ),
        (
            ANY_TERRITORY,
            _LAYERS,
            Field(
                "file",
                Text("用此文件代替所选图层", "This file instead of the layer"),
                "file",
                suffixes=_DATA,
                hint=Text("只审核，不入库", "it is audited, not taken over"),
            ),
        ),
        _audit,
        ("layer", "file"),
    ),
    Tool(
        "plan-compare",
        Text("比较两个版本", "Compare two editions"),
        Text(
            "增加、减少、改类的面积，三不检查和边界调整登记。",
            "What was added, taken away, or changed class.",
        ),
        (
            Field("before", Text("原版本", "Before"), "choice", editions, required=True),
            Field("after", Text("现版本", "After"), "choice", editions, required=True),
        ),
        _editions,
    ),
    Tool(
        "plan-compare-file",
        Text("文件与现行版本比较", "Compare a file with what is in force"),
        Text("上传的文件须有该图层的字段；不入库。", "The file needs the fields of the layer; it is not taken over."),
        (_ONE_LAYER, Field("file", Text("文件", "File"), "file", required=True, suffixes=_DATA)),
        _with_file,
    ),
    Tool(
        "plan-indicators",
        Text("规划指标", "Indicators"),
        Text("图层能算出的现值与规划目标比较，不能判断的照实列出。", "Present figures against the targets of plans."),
        (ANY_TERRITORY,),
        _indicators,
    ),
    Tool(
        "plan-statistics",
        Text("面积统计", "Statistics"),
        Text("各乡镇、各图层、各类别的面积和相互重叠。", "Areas by township, layer and class, and how they overlap."),
        (TERRITORY, Field("by", Text("分区", "Divided by"), "choice", _by, default="townships"), _LAYERS),
        _statistics,
        ("layer",),
    ),
    Tool(
        "plan-units",
        Text("划定单元和分区", "Draw units and zones"),
        Text(
            "按成员图层和优先次序划定，无缝无重叠，沿用现行编码。",
            "Without gap or overlap; codes are kept.",
        ),
        (
            TERRITORY,
            Field("scheme", Text("划定什么", "What"), "choice", _schemes, required=True, default="units"),
            Field("previous", Text("编码", "Codes"), "choice", _previous, empty=Text("沿用现行编码", "keep the codes")),
            Field(
                "minimum",
                Text("最小单元面积", "Smallest unit"),
                "text",
                pattern=AREA,
                hint=Text("如 1ha、500m2；不填按方案", "1ha, 500m2; empty: as the scheme says"),
            ),
        ),
        _units,
        ("previous", "minimum"),
    ),
    Tool(
        "plan-select",
        Text("选址", "Find a site"),
        Text(
            "在范围内找出不与管控冲突的位置，按指标排序，每处都重新检查过。",
            "Places without conflict, each checked again.",
        ),
        (
            Field("territory", Text("行政区", "Territory"), "choice", TERRITORY.choices),
            Field("within", Text("或上传选址范围", "Or upload where to look"), "file"),
            Field(
                "area",
                Text("用地面积", "Area"),
                "text",
                required=True,
                pattern=AREA,
                default="2ha",
                hint=Text("如 2ha、30亩、5000m2", "2ha, 30mu, 5000m2"),
            ),
            Field(
                "width",
                Text("最小宽度（米）", "Least width (m)"),
                "text",
                pattern=NUMBER,
                required=True,
                default="50",
            ),
            Field("places", Text("列出几处", "How many"), "text", pattern=NUMBER, default="5"),
            _CONSTRUCTION,
            _ACTIVITY,
        ),
        _select,
        ("within", "places", "activity"),
    ),
    Tool(
        "plan-advise",
        Text("地块调整建议", "Advice on a site"),
        Text(
            "地块扣除禁止区后的剩余、最近的可行位置、离另一结论多远。",
            "What is left of a site; the nearest place that would do.",
        ),
        (Field("site", Text("地块边界", "Boundary"), "file", required=True), _CONSTRUCTION, _ACTIVITY),
        _advise,
        ("activity",),
    ),
)
