"""The tables of the matrix test: what is never permitted, what is banned, what stays possible; with the law."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matrix import harmless_answers
from zoning.workspace import Workspace, builtin_root

VOCABULARY = Workspace.open(builtin_root()).rulebook.vocabulary
ACTIVITIES = tuple(VOCABULARY.facts["activity"].values)
YANGCHENG, JINCHENG, XINJIANG, YANGQUAN = "140522", "140502", "140825", "1403"
ALL = (YANGCHENG, JINCHENG, XINJIANG, YANGQUAN)
BASIN = (YANGCHENG, JINCHENG, XINJIANG)
OLD_RESERVES, NEW_RESERVES, BEFORE_CODE, NOW = (
    date(2026, 3, 14),
    date(2026, 3, 15),
    date(2026, 8, 14),
    date(2026, 11, 22),
)
PAST = date(2024, 6, 1)
EVER = (PAST, BEFORE_CODE, NOW)
WORKS = ("new", "rebuild", "expand")
UNBUILT = ("existing", "none")
FREE = ("permitted", "restricted")
HELD = harmless_answers(VOCABULARY, permits=True)


def words(*named: str, but: str = "") -> tuple[str, ...]:
    """Return activities, with groups replaced by their words."""
    return tuple(word for word in VOCABULARY.expand("activity", named) if word not in but.split())


@dataclass(frozen=True)
class Line:
    """Cells of the matrix that one rule of law speaks of."""

    basis: str
    layer: str
    classes: tuple[str, ...]
    activities: tuple[str, ...]
    constructions: tuple[str, ...] = WORKS
    days: tuple[date, ...] = EVER
    territories: tuple[str, ...] = ALL

    def cells(self) -> Iterator[tuple[str, date, str, str, str]]:
        """Yield territory, day, class, construction, activity."""
        for territory in self.territories:
            for day in self.days:
                for class_id in self.classes:
                    yield from ((territory, day, class_id, c, a) for c in self.constructions for a in self.activities)


FACILITIES = words("facilities")
DIGGING = words("mining", "groundworks")
FARMLAND_USES = "crop-farming grazing facility-farming slope-treatment well-drilling water-diversion"
PARKS = ("national-forest-park", "provincial-forest-park", "geopark", "wetland-park", "scenic-area")
SPRINGS = ("key-protection", "outcrop-belt", "spring-source")
FORESTS = ("natural-forest", "public-benefit", "young-forest", "other-forest")
RIVERS = ("fen", "qin", "hui", "dan", "other-river")
BUSINESS = words("industry", "storage-waste", "hotel", "commercial", "photovoltaic", "industrial-park-building")

NEVER_PERMITTED = [
    Line(
        "水污染防治法第六十五条、生态环境法典第三百一十九条：一级保护区只许供水和护源",
        "drinking-water",
        ("level-1",),
        words("facilities", "mining", "farming", "tourism", "other"),
    ),
    Line(
        "同上：已建的拆除或关闭，称不涉及建设的设施也一样",
        "drinking-water",
        ("level-1",),
        words("facilities", "groundworks"),
        UNBUILT,
    ),
    Line(
        "水污染防治法第六十六条、生态环境法典第三百二十条、畜禽规模养殖污染防治条例第十一条：二级保护区不许排污项目",
        "drinking-water",
        ("level-2",),
        words("polluters"),
    ),
    Line(
        "自然保护区条例（2017）第十八、二十七、二十八、三十二条：核心区、缓冲区",
        "nature-reserves",
        ("core", "buffer", "unzoned"),
        ACTIVITIES,
        (*WORKS, *UNBUILT),
        (OLD_RESERVES,),
    ),
    Line(
        "自然保护区条例（2026）第二十六条：核心保护区",
        "nature-reserves",
        ("core-protection",),
        ACTIVITIES,
        (*WORKS, *UNBUILT),
        (NEW_RESERVES, NOW),
    ),
    Line(
        "自然保护区条例（2017）第二十六条：任何分区不许开矿、采石、挖沙",
        "nature-reserves",
        ("experimental",),
        words("mining", "soil-digging"),
        (*WORKS, *UNBUILT),
        (PAST, OLD_RESERVES),
    ),
    Line(
        "自然保护区条例（2026）第二十七条：一般控制区严格限制；矿产资源法第二十六条、森林法第五十五条",
        "nature-reserves",
        ("general-control",),
        (*FACILITIES, *DIGGING, "logging"),
        ("new", "none"),
        (NEW_RESERVES, NOW),
    ),
    Line(
        "同上：既有的生产经营设施",
        "nature-reserves",
        ("general-control",),
        (*BUSINESS, *words("mining")),
        ("existing",),
        (NEW_RESERVES, NOW),
    ),
    Line(
        "自然资发〔2022〕142号第一部分：红线内只许十类有限人为活动",
        "ecological-red-line",
        ("red-line",),
        ACTIVITIES,
        WORKS,
    ),
    Line(
        "同上：既有的、称不涉及建设的生产经营设施和采挖",
        "ecological-red-line",
        ("red-line",),
        (*BUSINESS, *words("mining", "soil-digging")),
        UNBUILT,
    ),
    Line(
        "土地管理法第三十五、三十七条，基本农田保护条例第十五、十七条：永久基本农田",
        "permanent-basic-farmland",
        ("field",),
        words(*ACTIVITIES, but=FARMLAND_USES),
        ("new", "expand"),
    ),
    Line(
        "同上：采挖、堆放、建窑、建坟、种树、挖塘不论是否报建；设施不因“不涉及建设”而可以",
        "permanent-basic-farmland",
        ("field",),
        (*FACILITIES, *DIGGING, "orchard", "tree-planting", "fish-pond"),
        ("none",),
    ),
    Line("土地管理法第三十七条：耕地不许建窑、建坟", "farmland-quality", ("priority", "safe-use"), ("kiln", "graves")),
    Line(
        "土地管理法第三十、四十四条：占用耕地须经批准",
        "farmland-quality",
        ("priority", "safe-use", "strict-control"),
        words("industry", "storage-waste", "town", "photovoltaic", "sewage-works", "road-rail"),
    ),
    Line(
        "森林法第三十七、三十九条：占用林地须经审核同意",
        "forest-land",
        FORESTS,
        (*words("facilities", "groundworks"), "logging", "land-clearing"),
        ("new", "none"),
    ),
    Line(
        "防洪法第二十二、二十七条：河道",
        "rivers",
        RIVERS,
        words("facilities", "groundworks", "linear"),
        ("new",),
    ),
    Line("防洪法第二十二条：河道不许倾倒、堆放", "rivers", RIVERS, ("waste-disposal", "gangue-yard"), UNBUILT),
    Line(
        "文物保护法第十七、十八条（2024年修订第二十八、二十九条）",
        "heritage",
        ("protection", "control"),
        words("facilities", "groundworks", "linear", "other"),
        ("new", "expand"),
        territories=(YANGCHENG, XINJIANG),
    ),
    Line(
        "土壤污染防治法第六十一、六十六条：名录内地块",
        "contaminated-plots",
        ("registered",),
        words("facilities", "other"),
    ),
    Line(
        "土壤污染防治法第六十一条：名录内地块不作住宅和公共用地",
        "contaminated-plots",
        ("registered",),
        ("housing", "public-service"),
        UNBUILT,
    ),
    Line(
        "土壤污染防治法第五十九条：疑似和未查清的地块先调查",
        "contaminated-plots",
        ("survey-unfinished", "suspected"),
        words("facilities", "other"),
    ),
    Line(
        "风景名胜区条例第二十六至二十八条、湿地保护法第十九条",
        "nature-parks",
        ("scenic-area", "wetland-park"),
        FACILITIES,
        ("new", "none"),
    ),
    Line(
        "矿产资源法第二十六条：自然保护地内采矿须符合管控要求",
        "nature-parks",
        PARKS,
        words("mining"),
        (*WORKS, *UNBUILT),
        (BEFORE_CODE, NOW),
    ),
    Line(
        "生态环境法典第八百六十一条：自然公园按一般控制区管理",
        "nature-parks",
        PARKS,
        FACILITIES,
        ("new",),
        (NOW,),
    ),
    Line(
        "山西省泉域水资源保护条例、城政发〔2023〕3号：泉域重点保护区",
        "spring-catchments",
        SPRINGS,
        FACILITIES,
    ),
    Line(
        "阳政办发〔2023〕43号、城政发〔2023〕3号：禁养区",
        "livestock-zones",
        ("no-breeding",),
        ("livestock",),
        (*WORKS, *UNBUILT),
        territories=(YANGCHENG, JINCHENG),
    ),
    Line(
        "阳政办发〔2023〕43号：一般农业区禁止非农业建设",
        "land-zones",
        ("general-agriculture",),
        words("facilities", "quarrying", but="sewage-works road-rail livestock"),
        ("new", "expand", "existing", "none"),
        territories=(YANGCHENG,),
    ),
    Line(
        "阳政办发〔2023〕43号：永久基本农田集中区",
        "land-zones",
        ("farmland-core",),
        words("industry", "town", "photovoltaic", "road-rail", "tree-planting", "graves"),
        ("new", "none"),
        territories=(YANGCHENG,),
    ),
    Line(
        "阳政办发〔2023〕43号：岩溶大泉重点保护区、构造连通区不许采煤",
        "spring-catchments",
        (*SPRINGS, "connected", "inrush-danger"),
        ("coal-mining",),
        (*WORKS, *UNBUILT),
        territories=(YANGCHENG,),
    ),
    Line(
        "新政发〔2021〕22号：县城规划区内的重污染项目和露天矿山",
        "urban-areas",
        ("planning-area",),
        ("coking", "steel", "chemical", "cement", "kiln", "quarrying", "hazardous-chemicals-storage"),
        territories=(XINJIANG,),
    ),
]


# Bans that stand in a text that was read: without the permits that the text names, nothing else lifts them.
BANNED = [
    Line("水污染防治法第六十五条", "drinking-water", ("level-1",), FACILITIES, ("new",), (PAST, BEFORE_CODE)),
    Line("水污染防治法第六十六条", "drinking-water", ("level-2",), words("polluters"), ("new",), (PAST, BEFORE_CODE)),
    Line("自然保护区条例（2017）", "nature-reserves", ("core", "buffer"), ACTIVITIES, ("new",), (PAST, OLD_RESERVES)),
    Line("自然保护区条例（2026）", "nature-reserves", ("core-protection",), ACTIVITIES, ("new",), (NEW_RESERVES, NOW)),
    Line("自然资发〔2022〕142号", "ecological-red-line", ("red-line",), (*BUSINESS, "housing"), ("new",)),
    Line("土地管理法第三十五条", "permanent-basic-farmland", ("field",), FACILITIES, ("new", "none")),
    Line("土地管理法第三十五条", "permanent-basic-farmland", ("field",), ("tourism", "other"), ("new",)),
    Line("森林法第三十九条", "forest-land", FORESTS, ("land-clearing",), ("none",)),
    Line("风景名胜区条例第二十六条", "nature-parks", ("scenic-area",), DIGGING[:5], ("new", "none")),
    Line("土壤污染防治法第六十一条", "contaminated-plots", ("registered",), ("housing",), WORKS, (PAST, BEFORE_CODE)),
]


ALLOWED_BY_PURPOSE = words("water-works", "conservation", "road-rail", "logging")


@dataclass(frozen=True)
class Possible:
    """A project that must stay possible: permitted, or restricted at most."""

    basis: str
    layer: str | None
    class_id: str
    facts: tuple[tuple[str, str], ...]
    decisions: tuple[str, ...] = FREE
    days: tuple[date, ...] = (date(2025, 8, 1), BEFORE_CODE, NOW)
    territories: tuple[str, ...] = ALL


def project(construction: str, activity: str, **others: str) -> tuple[tuple[str, str], ...]:
    return (("construction", construction), ("activity", activity), *others.items())


STAYS_POSSIBLE = [
    Possible(
        "水污染防治法第六十五条：取水泵房",
        "drinking-water",
        "level-1",
        project("new", "water-supply", purpose="water-supply"),
    ),
    Possible("同上：水源涵养林", "drinking-water", "level-1", project("new", "tree-planting", purpose="other")),
    Possible("同上：巡护监测", "drinking-water", "level-1", project("none", "research-monitoring")),
    Possible(
        "自然保护区条例（2026）第二十六条：科研观测",
        "nature-reserves",
        "core-protection",
        project("new", "research-monitoring", purpose="scientific-research"),
        days=(NEW_RESERVES, NOW),
    ),
    Possible(
        "自然保护区条例（2017）第二十七、二十八条：经批准的科研",
        "nature-reserves",
        "core",
        project("new", "research-monitoring", purpose="scientific-research"),
        days=(OLD_RESERVES,),
    ),
    Possible(
        "自然资发〔2022〕142号第八类：矿山生态修复",
        "ecological-red-line",
        "red-line",
        project("none", "mine-restoration"),
    ),
    Possible(
        "自然资发〔2022〕142号第六类：避不开的线性工程",
        "ecological-red-line",
        "red-line",
        project("new", "pipeline-cable", fits_main_function="yes"),
        territories=(JINCHENG, YANGQUAN),
    ),
    Possible(
        "土地管理法：耕种永久基本农田",
        "permanent-basic-farmland",
        "field",
        project("none", "crop-farming"),
        ("permitted",),
    ),
    Possible("土地管理法：耕种", "farmland-quality", "priority", project("none", "crop-farming"), ("permitted",)),
    Possible("森林法第四十三条：造林", "barren-hills", "barren", project("none", "tree-planting"), ("permitted",)),
    Possible("森林法：林地上造林", "forest-land", "young-forest", project("none", "tree-planting")),
    Possible("城镇内的学校", "town-boundary", "concentrated", project("new", "public-service"), ("permitted",)),
    Possible("城镇内的住宅", "town-boundary", "concentrated", project("new", "housing"), ("permitted",)),
    Possible("城镇内的商铺", "town-boundary", "concentrated", project("new", "commercial"), ("permitted",)),
    Possible("空地上的道路", None, "", project("new", "road-rail"), ("permitted",)),
    Possible("荒坡上的光伏（R170）", "barren-hills", "barren", project("new", "photovoltaic"), ("permitted",)),
    Possible(
        "历史遗留矿山修复（R198）", "mine-parcels", "historic", project("none", "mine-restoration"), ("permitted",)
    ),
]
