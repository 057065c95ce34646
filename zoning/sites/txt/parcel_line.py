"""The line that begins a parcel: eight fields and @ by specification, more in use, @ forgotten or glued on."""

from zoning.sites.txt.wide import narrow
from zoning.sites.where import Where

HEADER_FIELDS = ("界址点数", "地块面积", "地块编号", "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码")
# The form of high-standard farmland projects.
_FARMLAND_FIELDS = ("图斑类型", "地类", "等别前", "等别后", "备注")
KINDS = ("面", "线", "点")
_KIND = HEADER_FIELDS.index("记录图形属性")
_FEWEST, _MOST = len(HEADER_FIELDS) - 1, len(HEADER_FIELDS) + len(_FARMLAND_FIELDS)


def is_parcel_line(text: str) -> bool:
    """Tell whether a line begins a parcel: it bears an @, or names its kind in the fifth field.

    >>> is_parcel_line("5,1.2,DK01,甲,面,,,,@"), is_parcel_line("5，1.2，D1，甲，面，，，"), is_parcel_line("J1,1,2,3")
    (True, True, False)
    """
    if "@" in text or "＠" in text:
        return True
    fields = split_fields(text)[0]
    return len(fields) > _KIND and fields[_KIND] in KINDS


def names_kind(text: str) -> bool:
    """Tell whether the fifth of enough fields is a kind of geometry.

    >>> names_kind("5,1.2,DK01,甲,面,,,,@"), names_kind("项目名称=某矿,,@")
    (True, False)
    """
    fields = split_fields(text)[0]
    return len(fields) >= _FEWEST and fields[_KIND] in KINDS


def split_fields(text: str) -> tuple[list[str], bool]:
    """Return the fields between commas, tabs or blanks, and whether they were not as specified."""
    plain = narrow(text)
    if "," in plain:
        return [field.strip() for field in plain.split(",")], plain != text
    return [field.strip() for field in (plain.split("\t") if "\t" in plain else plain.split())], True


def parcel_fields(text: str, place: Where) -> tuple[dict[str, str], bool]:
    """Return the fields by name, and whether the line was not in the specified characters.

    Raises
    ------
    SiteError
        When their number or the kind of geometry is not as specified.
    """
    # As it stands first: a full-width comma in a name is no separator.
    fields, loose = [field.strip() for field in _without_sign(text).split(",")], text.rstrip().endswith("＠")
    if len(fields) <= _KIND or fields[_KIND] not in KINDS:
        fields, loose = split_fields(_without_sign(narrow(text)))
        loose = loose or narrow(text) != text
    # A full-width sign inside a name is part of it; in front of a field it is the end of the line.
    if "@" in "".join(fields) or any(field.startswith("＠") for field in fields[_KIND:]):
        raise place.error(
            "地块行的 @ 之后还有内容；@ 应在行末", "something stands behind the @ of the parcel line; @ ends the line"
        )
    if not _FEWEST <= len(fields) <= _MOST:
        raise place.error(
            zh=f"地块行有 {len(fields)} 项（不计 @），规定为 8 项（{','.join(HEADER_FIELDS)},@），最多 {_MOST} 项；"
            "请按规定格式导出",
            en=f"the parcel line has {len(fields)} fields before @, specified are 8 ({','.join(HEADER_FIELDS)},@), "
            f"at most {_MOST}; export it in the specified form",
        )
    if fields[_KIND] in KINDS and fields[_KIND + 1] in KINDS and fields[_KIND + 1] != fields[_KIND]:
        raise place.error(
            f"第 5、6 项是 “{fields[_KIND]}” 和 “{fields[_KIND + 1]}”，分不清哪个是记录图形属性；"
            "地块名称里的逗号请改用全角",
            f"fields 5 and 6 are “{fields[_KIND]}” and “{fields[_KIND + 1]}” and either may be the kind of geometry; "
            "write a comma in the name of a parcel in full width",
        )
    if fields[_KIND] not in KINDS:
        raise place.error(
            f"记录图形属性（第 5 项）为 “{fields[_KIND][:20]}”，应为 面、线 或 点",
            f"the kind of geometry (field 5) is “{fields[_KIND][:20]}”; it must be 面 (polygon), 线 (line) or 点 "
            "(point)",
        )
    return dict(zip(_names(len(fields)), [*fields, ""], strict=False)), loose


def _without_sign(text: str) -> str:
    body = text.rstrip()
    if not body.endswith(("@", "＠")):
        return body
    body = body[:-1].rstrip()
    return body.removesuffix(",")


def _names(count: int) -> list[str]:
    more = count - len(HEADER_FIELDS)
    if more == len(_FARMLAND_FIELDS):
        return [*HEADER_FIELDS, *_FARMLAND_FIELDS]
    # With one or two of the five left out nothing tells which.
    return [*HEADER_FIELDS, *(f"第{len(HEADER_FIELDS) + i}项" for i in range(1, more + 1))]
