"""The annexes: maps, boundary points, and what is needed to check the report itself."""

from zoning.report.coordinates import MOST_POINTS, Points, point_table, zone_text
from zoning.report.document import Block, Cell, Column, Paragraph, Picture, Section, Table
from zoning.report.source import Source
from zoning.report.wording import ANNEXES, TITLES, WORDS
from zoning.texts import Text

_QR_MM = 30.0


def maps_section(source: Source) -> Section:
    """Return the annex with the maps."""
    listed = [
        Paragraph(source.say(Text(f"附图 {number}　{picture.caption}", f"Map {number}: {picture.caption}")), "item")
        for number, picture in enumerate(source.maps, start=1)
    ]
    blocks: list[Block] = [*listed, *source.maps]
    if not blocks:
        text = Text("本报告未附图；离线地图可用 zoning map 生成。", "No map is attached; zoning map draws one.")
        blocks.append(Paragraph(source.say(text), "note"))
    return _section(source, "annex_maps", 0, blocks)


def points_section(source: Source, points: Points) -> Section | None:
    """Return the annex with the boundary points; None where they all stand in section 1."""
    count = len(points.points)
    if count <= source.parts.content.points:
        return None
    blocks: list[Block] = [Paragraph(source.say(zone_text(points.crs)), "note")]
    if count > MOST_POINTS:
        text = Text(
            f"共 {count} 个界址点，此处列出前 {MOST_POINTS} 个；全部坐标在随附的研判结论（JSON）中。",
            f"{count} points, the first {MOST_POINTS} are listed; the attached verdict (JSON) holds them all.",
        )
        blocks.append(Paragraph(source.say(text), "warning"))
    blocks.append(point_table(source, points, table_id="points"))
    return _section(source, "annex_points", 1, blocks)


def trace_section(source: Source, digest: str, qr: bytes, *, place: int) -> Section:
    """Return the annex with the trace and the hash of the verdict; `place` counts the annexes before it."""
    verdict = source.verdict
    steps = [Paragraph(source.say(text), "item") for text in verdict.trace.steps]
    digests = verdict.digests
    hashes: list[tuple[Cell, ...]] = [
        (source.say(Text("研判结论（JSON）SHA-256", "verdict (JSON), SHA-256")), digest),
        (source.say(Text("项目范围", "site")), digests.site),
        (source.say(Text("规则库", "rules")), digests.rules),
        (source.say(Text("工作空间设置", "settings of the workspace")), digests.workspace),
        (source.say(Text("程序", "program")), digests.program),
    ]
    table = Table("digests", (Column("", weight=1.0), Column("", weight=3.0)), tuple(hashes), pairs=True)
    how = Text(
        "核对：zoning report --verify 本文件。程序重新计算随附研判结论的摘要，并与本报告的核对码、文字和数据比较；"
        "用同一工作空间重新运行，可得到逐字节相同的结论。核对码不是电子签名。",
        "To verify: zoning report --verify FILE. It computes the digest of the attached verdict anew and compares "
        "code, text and figures of this report with it; the same workspace gives the same verdict byte by byte. The "
        "code is no electronic signature.",
    )
    blocks: list[Block] = [
        Paragraph(source.say(Text("判定过程", "How it was decided")), "heading"),
        *steps,
        Paragraph(source.say(Text("核对", "Verification")), "heading"),
        Paragraph(source.say(how)),
        table,
        Picture("qr", qr, source.say(WORDS["qr"]), width_mm=_QR_MM),
    ]
    return _section(source, "annex_trace", place, blocks)


def _section(source: Source, name: str, place: int, blocks: list[Block]) -> Section:
    return Section(name, source.say(ANNEXES[place]), source.say(TITLES[name]), tuple(blocks))
