"""Why a boundary file is refused: what several readers say in the same words, without the place."""

from zoning.texts import Text

NO_FEATURES = Text("没有任何图形；请重新导出", "it holds no features; export it again")
NO_GEOPACKAGE = Text(
    "不是有效的 GeoPackage 或文件损坏；请重新导出", "it is no valid GeoPackage or damaged; export it again"
)
LINKED = Text(
    "几何内容在别处（xlink:href）；请导出包含图形本身的 GML",
    "its geometry is elsewhere (xlink:href); export a GML that holds the geometry itself",
)
OPEN_QUOTE = Text(
    "此行的引号没有成对，后面的行会被并入一格；请补上或删去引号",
    "a quote in this line is not closed and would swallow the lines behind it; close or remove it",
)


def cut_off(stated: int, found: int) -> Text:
    """Return what is said of a file that holds fewer records than it states."""
    return Text(
        f"应有 {stated} 个图形，只读到 {found} 个，文件不完整或损坏；请重新导出",
        f"it states {stated} features but only {found} can be read, it is cut off or damaged; export it again",
    )


def points_missing(stated: int, found: int) -> Text:
    """Return what is said of a shape with fewer points than are stated for it."""
    return Text(
        f"写明有 {stated} 个点，只有 {found} 个；请重新导出",
        f"{stated} points are stated but only {found} follow; export it again",
    )


def line_too_long(most: int) -> Text:
    """Return what is said of a line with more characters than any program writes."""
    return Text(
        f"这一行超过 {most} 个字符；请重新导出",
        f"the line has more than {most} characters; export it again",
    )
