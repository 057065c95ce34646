"""The tools of restoration teams: analyses of the mine register and what is made of them."""

import hashlib
import os
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from zoning.atomic_write import write_whole
from zoning.errors import UsageError
from zoning.registers.register import Register
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.jobs import get_job, list_jobs
from zoning.web.jobs.places import REGISTER
from zoning.web.parcels.kinds import MINES, place_of
from zoning.web.planner.choosing import ANY_TERRITORY
from zoning.web.planner.plan_tools import OUT
from zoning.web.planner.tools import LEVEL, LONLAT, Choices, Field, Given, Tool
from zoning.web.server import Server

ANALYSES: Final = {
    "mines-mode": "mode",
    "mines-priority": "priority",
    "mines-works": "works",
}
"""Kind of a job -> the JSON that it writes, which the desk's products take."""
_LISTED: Final = 60
_RASTER: Final = (".tif", ".tiff")
RECORD: Final = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


def _files(server: Server) -> list[str]:
    return [f"--files={server.settings.files.absolute()}"]


def latest(server: Server, who: Who) -> dict[str, str]:
    """Return the latest finished analysis of each kind that somebody has made: name -> job."""
    found: dict[str, str] = {}
    for job in list_jobs(server, who.name, limit=_LISTED):
        name = ANALYSES.get(job.kind)
        if name is not None and name not in found and job.state == "done":
            found[name] = job.id
    return found


def gathered(server: Server, who: Who) -> Path | None:
    """Return a folder with the JSON of one's latest analyses; None where there is none. It is never changed."""
    contents = {}
    for name, job in sorted(latest(server, who).items()):
        result = get_job(server, job).result(f"{name}.json")
        if result is not None:
            contents[name] = result.path.read_bytes()
    if not contents:
        return None
    digest = hashlib.sha256(b"".join(name.encode() + hashlib.sha256(one).digest() for name, one in contents.items()))
    folder = server.folder("desk") / digest.hexdigest()[:32]
    folder.mkdir(exist_ok=True)
    os.utime(folder)  # it is in use again: what is old is removed
    for name, one in contents.items():
        if not (folder / f"{name}.json").is_file():
            write_whole(folder / f"{name}.json", one)
    return folder


def _analyses(server: Server, who: Who) -> list[str]:
    folder = gathered(server, who)
    return [] if folder is None else [f"--analyses={folder.absolute()}"]


def _analysis(name: str, server: Server, given: Given) -> Sequence[str]:
    del server
    options = given.options("territory", "start", "design")
    rasters = [f"--dem={given.files['dem']}"] if "dem" in given.files else []
    return ["mines", name, REGISTER, OUT, *options, *rasters]


def _dashboard(who: Who, server: Server, given: Given) -> Sequence[str]:
    photos = [] if given.has("photos") else ["--no-photos"]
    where = [REGISTER, *_files(server)]
    return ["mines", "dashboard", *where, "--out={out}/dashboard.html", *given.options("territory"), *photos,
            *_analyses(server, who)]  # fmt: skip


def _plan(who: Who, server: Server, given: Given) -> Sequence[str]:
    if "priority" not in latest(server, who):
        raise UsageError("请先做“优先顺序”，再编修复计划", "make the order of priority first")
    where = [REGISTER, *_files(server), *_analyses(server, who)]
    return ["mines", "plan", *where, OUT, *given.options("territory", "to")]


def _report(who: Who, server: Server, given: Given) -> Sequence[str]:
    record = given.one("record")
    if Register(place_of(server, MINES)).get(record) is None:
        raise UsageError(f"台账中没有图斑“{record[:60]}”", f"there is no parcel '{record[:60]}' in the register")
    where = [REGISTER, *_files(server), *_analyses(server, who)]
    # What stands behind "--" is never an option, whatever the parcel is called.
    return ["mines", "report", *where, OUT, *given.options("to"), "--", record]


def _documents(server: Server) -> Choices:
    del server
    return {
        "pdf": Text("PDF", "PDF"),
        "docx": Text("Word", "Word"),
        "html": Text("网页", "web page"),
    }


_DEM: Final = Field(
    "dem",
    Text("高程模型（GeoTIFF）", "Elevation model (GeoTIFF)"),
    "file",
    suffixes=_RASTER,
    hint=Text("不上传，与地形有关的项为未知", "without it whatever depends on the terrain is unknown"),
)
_TO: Final = Field("to", Text("格式", "Format"), "choices", _documents, default="pdf")


def mine_tools(who: Who) -> tuple[Tool, ...]:
    """Return the tools of somebody: products take the analyses that this person has made."""
    return (*_analysis_tools(), *_products(who))


def _analysis_tools() -> tuple[Tool, ...]:
    return (
        Tool(
            "mines-mode",
            Text("修复方向", "Mode of restoration"),
            Text(
                "五宜和四种修复方式的适宜性得分、逐项依据和合规性核查。",
                "How suitable each use and each way of restoration is, and whether it is allowed.",
            ),
            (ANY_TERRITORY, _DEM),
            partial(_analysis, "mode"),
            ("dem",),
        ),
        Tool(
            "mines-priority",
            Text("优先顺序", "Order of priority"),
            Text(
                "高铁、高速可视范围优先，由近及远，分期分步；每个名次附理由。",
                "What is seen from railways and motorways first, from near to far, in stages, with reasons.",
            ),
            (
                ANY_TERRITORY,
                Field(
                    "start",
                    Text("由近及远的起点", "Where to begin"),
                    "text",
                    pattern=LONLAT,
                    hint=Text("经度,纬度，如 112.86,35.50", "longitude,latitude, such as 112.86,35.50"),
                ),
                _DEM,
            ),
            partial(_analysis, "priority"),
            ("start", "dem"),
        ),
        _works(),
    )


def _works() -> Tool:
    return Tool(
        "mines-works",
        Text("工程量和造价", "Works and cost"),
        Text(
            "七项工程措施，每个数字附公式；没有单价的造价为“未知”。",
            "Seven measures, each with its formula.",
        ),
        (
            ANY_TERRITORY,
            Field(
                "design",
                Text("设计面", "Design surface"),
                "text",
                pattern=LEVEL,
                default="rim",
                hint=Text(
                    "rim 为坑沿拟合平面，数字为设计标高（米）",
                    "rim: plane through the rim; or a level (m)",
                ),
            ),
            _DEM,
        ),
        partial(_analysis, "works"),
        ("design", "dem"),
    )


def _products(who: Who) -> tuple[Tool, ...]:
    return (
        Tool(
            "mines-dashboard",
            Text("工作台页面", "Page of the desk"),
            Text(
                "一个离线网页：地图、清单、图表、期限和每个图斑的记录。",
                "Map, list, charts and records on one page.",
            ),
            (ANY_TERRITORY, Field("photos", Text("含照片缩图", "with small photos"), "flag", default="yes")),
            partial(_dashboard, who),
        ),
        Tool(
            "mines-plan",
            Text("修复计划", "Plan of restoration"),
            Text(
                "可打印：分期、名次、方向、造价、期限和依据。",
                "To print: stages, order, modes, cost, sources.",
            ),
            (ANY_TERRITORY, _TO),
            partial(_plan, who),
        ),
        Tool(
            "mines-report",
            Text("图斑档案", "Dossier of a parcel"),
            Text("一个图斑的档案、符合性分析和附图。", "One parcel: what is known, what is allowed, maps."),
            (Field("record", Text("图斑编号", "Number of the parcel"), "text", required=True, pattern=RECORD), _TO),
            partial(_report, who),
        ),
    )
