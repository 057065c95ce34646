"""The names that columns of coordinate tables bear: without blanks, signs and units, in lower case."""

from enum import StrEnum


class Role(StrEnum):
    """What stands in a column."""

    POINT = "point"
    RING = "ring"
    PARCEL = "parcel"
    NAME = "name"
    LABEL = "label"
    """A name or number of a point or of a parcel: the values decide."""
    PLANE = "plane"
    GEOGRAPHIC = "geographic"
    PAIR = "pair"
    """Both coordinates in one cell."""
    DEGREES = "degrees"
    MINUTES = "minutes"
    SECONDS = "seconds"
    AREA = "area"
    RADIUS = "radius"
    DIAMETER = "diameter"
    WIDTH = "width"
    KIND = "kind"
    SYSTEM = "system"
    """Names the coordinate system in every row."""
    HEIGHT = "height"
    OTHER = "other"
    NONE = ""


_WORDS: dict[Role, str] = {
    Role.POINT: (
        "点号 界址点号 界址点编号 界址点 界址点名 拐点 拐点号 拐点编号 拐点序号 点名 点编号 点序号 点序 点位 "
        "点位编号 序号 顺序号 顺序 行号 节点 节点号 顶点 顶点号 桩号 桩点号 控制点 角点 角点号 角点编号 "
        "坐标点 坐标点号 测点 测点号 点 边界点 边界点号 point pointid pointno pointname pointnumber pt ptid "
        "ptno no num number vertex vertexid seq index corner node station pid fid objectid oid"
    ),
    Role.RING: (
        "圈号 环号 地块圈号 圈 环 圈序号 环序号 界址圈 界址圈号 ring ringid ringno ringnumber part partid "
        "部分 部分号 部件 部件号"
    ),
    Role.PARCEL: (
        "地块 地块号 地块编号 地块代码 地块序号 宗地 宗地号 宗地编号 宗地代码 图斑 图斑号 图斑编号 项目编号 "
        "区块 区块号 区块编号 块号 块段 矿区编号 拐点组 区域 区域编号 片区 分区 面号 面编号 范围 地块id "
        "parcel parcelid parcelno parcelnumber site siteid polygon polygonid plot plotid block dkbh tbbh zddm"
    ),
    Role.NAME: (
        "地块名称 地块名 项目名称 项目 工程名称 宗地名称 图斑名称 矿区名称 矿山名称 矿山 区域名称 场地名称 "
        "单位名称 企业名称 parcelname sitename project projectname dkmc xmmc"
    ),
    Role.LABEL: ("名称 编号 name id code title label 代码 标识"),
    Role.AREA: ("面积 area 地块面积 用地面积 占地面积 总面积 图斑面积 宗地面积 项目面积 shapearea mj dkmj"),
    Role.RADIUS: ("半径 radius 影响半径 缓冲半径"),
    Role.DIAMETER: ("直径 diameter"),
    Role.WIDTH: ("宽度 宽 带宽 路宽 路基宽度 路面宽度 作业带宽度 管廊宽度 线宽 width"),
    Role.KIND: ("类型 图形类型 几何类型 要素类型 图形属性 记录图形属性 图形 kind type geometry geometrytype shape"),
    Role.SYSTEM: ("坐标系 坐标系统 坐标系名称 crs datum coordinatesystem 带号 中央子午线 中央经线"),
    Role.HEIGHT: (
        "高程 高 标高 海拔 海拔高 海拔高度 大地高 正常高 h z z坐标 h坐标 elevation elev height altitude alt "
        "地面高程 高程h"
    ),
    Role.OTHER: (
        "备注 说明 边长 界址边长 距离 间距 至下点距离 note notes remark remarks comment 日期 时间 date time "
        "电话 联系人 联系电话 地址 位置 方位角 里程 distance length"
    ),
}
ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}

_PARTS = {
    Role.DEGREES: "度 ° deg degree degrees d",
    Role.MINUTES: "分 ' min minute minutes",
    Role.SECONDS: '秒 " sec second seconds',
}
PARTS = {word: role for role, words in _PARTS.items() for word in words.split()}
"""Of an angle whose parts stand in columns of their own."""

FOREIGN_UNITS = frozenset(("km", "千米", "公里", "mm", "毫米", "cm", "厘米", "ft", "英尺"))
METRES = frozenset(("m", "米", "meter", "metre", "meters", "metres"))
