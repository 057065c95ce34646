"""The bones of a ZIP file: an archive that says two things in two places is refused, whichever place is right."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from both_languages import both
from zip_writer import Entry, archive, archive_64, central, local
from zoning.errors import SiteError
from zoning.sites.limits import Limits
from zoning.sites.vector import zip_files, zip_structure
from zoning.sites.vector.choosing import choose, listed, no_such_layer
from zoning.sites.vector.zip_files import opened_archive
from zoning.sites.vector.zip_structure import doubled
from zoning.sites.where import Where

HERE = Where("范围.zip")
SHP, DBF = Entry("范围.shp".encode(), b"shape" * 40, deflate=True), Entry("范围.dbf".encode(), b"table")
DAMAGED = (
    "范围.zip：ZIP 压缩包不完整或已损坏；请重新压缩",
    "范围.zip: the ZIP archive was cut off or is damaged; pack it again",
)


def entries(folder: Path, data: bytes, limits: Limits | None = None) -> list[zip_structure.Entry]:
    path = folder / "范围.zip"
    path.write_bytes(data)
    return zip_structure.entries(path, HERE, limits or Limits())


def refused(folder: Path, data: bytes) -> tuple[str, str]:
    return both(lambda: entries(folder, data), SiteError)


def mismatch(zh: str, en: str) -> tuple[str, str]:
    return (
        f"范围.zip：压缩包的目录与内容不一致（{zh}），可能被拼接或改动过；请重新压缩",
        (
            f"范围.zip: the directory of the archive does not match its content ({en}), "
            "it may have been spliced or changed; pack it again"
        ),
    )


ELSEWHERE = mismatch("目录的位置不对，文件前后可能有别的数据", "its directory stands elsewhere than stated")
TWO_PLACES = mismatch("“范围.shp” 在目录和文件头中的记录不同", "“范围.shp” is described differently in two places")

# --- honest archives ---


@pytest.mark.parametrize("write", [archive, archive_64])
def test_the_directory_of_an_honest_archive(tmp_path: Path, write: Callable[[Sequence[Entry]], bytes]) -> None:
    found = entries(tmp_path, write([SHP, DBF]))
    assert [entry.name for entry in found] == ["范围.shp", "范围.dbf"]
    assert [entry.size for entry in found] == [200, 5]
    assert [entry.method for entry in found] == [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]
    assert [entry.crc for entry in found] == [zlib.crc32(b"shape" * 40), zlib.crc32(b"table")]
    assert found[0].offset == 0
    assert found[0].packed < 200


def test_an_archive_of_another_library(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.comment = "说明".encode()
        file.writestr("a/范围.shp", b"x" * 1_000)
        file.writestr("b.dbf", b"")
    found = entries(tmp_path, buffer.getvalue())
    assert [(entry.name, entry.size) for entry in found] == [("a/范围.shp", 1_000), ("b.dbf", 0)]


def test_an_empty_archive_has_no_entries(tmp_path: Path) -> None:
    assert entries(tmp_path, archive([])) == []


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("范围.shp".encode(), 0x800, "范围.shp"),
        ("范围.shp".encode(), 0, "范围.shp"),
        ("项目范围.shp".encode("gb18030"), 0, "项目范围.shp"),
        (b"plain.shp", 0, "plain.shp"),
    ],
)
def test_names_in_the_codes_of_their_writers(tmp_path: Path, raw: bytes, flags: int, name: str) -> None:
    assert [entry.name for entry in entries(tmp_path, archive([Entry(raw, b"x", flags=flags)]))] == [name]


@pytest.mark.parametrize(("most", "fits"), [(2, True), (1, False)])
def test_members_are_counted_before_they_are_listed(tmp_path: Path, most: int, *, fits: bool) -> None:
    data = archive([SHP, DBF])
    if fits:
        assert len(entries(tmp_path, data, Limits(members=most))) == 2
        return
    assert both(lambda: entries(tmp_path, data, Limits(members=most)), SiteError) == (
        "范围.zip：压缩包内有 2 个文件，上限 1 个；请只压缩项目范围，或用 --limit members=… 提高上限",
        (
            "范围.zip: the archive holds 2 files, more than the allowed 1; pack the footprint alone, "
            "or raise the limit with --limit members=…"
        ),
    )


# --- contradictions ---


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive at all", b"PK\3\4" + bytes(100)])
def test_what_has_no_end_is_damaged(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data) == DAMAGED


@pytest.mark.parametrize("after", [b"x", b"\0" * 100])
def test_data_behind_the_end(tmp_path: Path, after: bytes) -> None:
    assert refused(tmp_path, archive([SHP], after=after)) == mismatch(
        "结尾之后还有别的数据", "other data follow after its end"
    )


def test_data_in_front_of_the_first_member(tmp_path: Path) -> None:
    assert refused(tmp_path, archive([SHP], before=b"MZ")) == ELSEWHERE


def test_a_volume_of_several(tmp_path: Path) -> None:
    assert refused(tmp_path, archive([SHP], disk=1)) == mismatch("是分卷压缩包", "it is one volume of several")


def test_fewer_members_than_the_directory_holds(tmp_path: Path) -> None:
    said = mismatch("目录的文件数不对", "its directory holds another number of files than stated")
    assert refused(tmp_path, archive([SHP, DBF], count=1)) == said


def test_more_members_than_the_directory_holds(tmp_path: Path) -> None:
    assert refused(tmp_path, archive([SHP], count=2)) == DAMAGED


@pytest.mark.parametrize(
    "change",
    [
        {"name": "别的.shp".encode()},
        {"method": 0},
        {"crc": 1},
        {"packed": 1},
        {"flags": 1},
    ],
)
def test_a_member_described_in_two_ways(tmp_path: Path, change: dict[str, bytes | int]) -> None:
    entry = Entry(SHP.name, SHP.data, deflate=True, local=change)
    assert refused(tmp_path, archive([entry, DBF])) == TWO_PLACES


def test_a_first_member_that_does_not_stand_first(tmp_path: Path) -> None:
    second = Entry(DBF.name, DBF.data)
    data = archive([second, SHP])
    first_entry = data.index(b"PK\1\2")
    length = 46 + len(second.name)
    # The entry of the first member is taken out of the directory, whose length and count are stated anew.
    cut = bytearray(data[:first_entry] + data[first_entry + length :])
    struct.pack_into("<HHI", cut, len(cut) - 14, 1, 1, len(cut) - 22 - first_entry)
    said = mismatch("第一个文件之前还有别的数据", "other data stand before its first file")
    assert refused(tmp_path, bytes(cut)) == said


def test_a_member_that_two_entries_share(tmp_path: Path) -> None:
    entry = Entry(SHP.name, SHP.data, deflate=True)
    again = Entry(SHP.name, SHP.data, deflate=True, central={"offset": 0})
    said = mismatch("“范围.shp” 与后面的文件重叠", "“范围.shp” overlaps what follows")
    assert refused(tmp_path, archive([entry, again])) == said


def with_gap(gap: bytes) -> bytes:
    """Return an archive with bytes between its two members."""
    body = local(SHP) + gap
    directory = central(SHP, 0) + central(DBF, len(body))
    body += local(DBF)
    return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 2, 2, len(directory), len(body), 0)


@pytest.mark.parametrize("gap", [b"", b"\0", b"PK", b"PK\7\x08" + bytes(12), bytes(4_096)])
def test_a_short_gap_holds_what_describes_the_member_before(tmp_path: Path, gap: bytes) -> None:
    assert len(entries(tmp_path, with_gap(gap))) == 2


@pytest.mark.parametrize("gap", [local(Entry(b"hidden.shp", b"x")), b"\0PK\3\4", bytes(4_097)])
def test_a_hidden_member_between_the_members(tmp_path: Path, gap: bytes) -> None:
    said = mismatch("“范围.shp” 之后有目录未列出的数据", "data that are not in the directory follow “范围.shp”")
    assert refused(tmp_path, with_gap(gap)) == said


def unicode_name(raw: bytes, name: str, crc: int | None = None) -> bytes:
    """Return the extra field 0x7075 of the format: version, CRC of the plain name, the name in UTF-8."""
    said = struct.pack("<BI", 1, zlib.crc32(raw) if crc is None else crc) + name.encode()
    return struct.pack("<HH", 0x7075, len(said)) + said


@pytest.mark.parametrize(
    ("before", "crc", "name"),
    [
        (b"", None, "范围.shp"),
        (struct.pack("<HH4s", 0x5455, 4, b"time"), None, "范围.shp"),
        (b"", 7, "a.shp"),
    ],
)
def test_the_name_in_utf8_counts_when_it_belongs_to_the_plain_one(
    tmp_path: Path, before: bytes, crc: int | None, name: str
) -> None:
    entry = Entry(b"a.shp", b"x", extra=before + unicode_name(b"a.shp", "范围.shp", crc))
    assert [found.name for found in entries(tmp_path, archive([entry]))] == [name]


@pytest.mark.parametrize("lie", [{"count": 2}, {"length": 5}, {"offset": 5}])
def test_a_larger_end_that_lies(tmp_path: Path, lie: dict[str, int]) -> None:
    zh, _ = refused(tmp_path, archive_64([SHP, DBF, DBF], **lie))
    assert "压缩包的目录与内容不一致" in zh


# --- names that stand twice ---


@pytest.mark.parametrize(
    ("names", "twice"),
    [
        ([], None),
        (["a"], None),
        (["a.shp", "a.dbf"], None),
        (["a", "a"], "a"),
        (["a.shp", "b", "A.SHP"], "A.SHP"),
        (["东区", "西区", "东区"], "东区"),
        (["STRASSE", "straße"], "STRASSE"),
    ],
)
def test_names_are_the_same_whatever_their_capitals(names: list[str], twice: str | None) -> None:
    before = list(names)
    assert doubled(names) == twice
    assert names == before


# --- members ---


def names(folder: Path, *members: Entry) -> list[str]:
    path = folder / "范围.zip"
    path.write_bytes(archive(members))
    with opened_archive(path, HERE, Limits()) as found:
        return [member.name for member in found.members]


@pytest.mark.parametrize("name", ["__MACOSX/a.shp", "a/._b.shp", "~$a.xlsx", ".DS_Store", "a/Thumbs.db", "Desktop.ini"])
def test_what_programs_leave_behind_is_no_member(tmp_path: Path, name: str) -> None:
    assert names(tmp_path, Entry(name.encode(), b"x"), Entry(b"a.geojson", b"{}")) == ["a.geojson"]


@pytest.mark.parametrize("name", ["a.shp", "图/a.shp", "connect.shp", "com10.shp", "aux2/a.shp", "a..b.shp"])
def test_honest_names(tmp_path: Path, name: str) -> None:
    assert names(tmp_path, Entry(name.encode(), b"x")) == [name]


@pytest.mark.parametrize("name", ["../a.shp", "a/../../b.shp", "/etc/a.shp", "C:/a.shp", "..\\a.shp", "a:b"])
def test_names_that_lead_out(tmp_path: Path, name: str) -> None:
    zh, en = both(lambda: names(tmp_path, Entry(name.encode(), b"x")), SiteError)
    assert zh == f"范围.zip：压缩包内的路径 “{name}” 指向包外；请重新压缩"
    assert en == f"范围.zip: the archived path “{name}” leads outside; pack it again"


@pytest.mark.parametrize("name", ["con", "NUL.shp", "a/aux.txt", "COM1", "lpt9.dbf", "prn.x/a.shp"])
def test_names_of_devices(tmp_path: Path, name: str) -> None:
    _, en = both(lambda: names(tmp_path, Entry(name.encode(), b"x")), SiteError)
    assert en == f"范围.zip: “{name}” in the archive is the name of a device; rename it and pack again"


@pytest.mark.parametrize(
    ("mode", "fits"), [(0, True), (0o100644, True), (0o120777, False), (0o020644, False), (0o010644, False)]
)
def test_links_and_devices_are_no_files(tmp_path: Path, mode: int, *, fits: bool) -> None:
    entry = Entry(b"a.shp", b"x", mode=mode)
    if fits:
        assert names(tmp_path, entry) == ["a.shp"]
        return
    zh, _ = both(lambda: names(tmp_path, entry), SiteError)
    assert zh == "范围.zip：压缩包内的 “a.shp” 是链接，不是文件；请重新压缩文件本身"


def test_a_name_that_stands_twice(tmp_path: Path) -> None:
    zh, en = both(lambda: names(tmp_path, Entry(b"a.shp", b"x"), Entry(b"A.shp", b"y")), SiteError)
    assert zh == "范围.zip：压缩包内有两个 “A.shp”；请重新压缩"
    assert en == "范围.zip: the archive holds “A.shp” twice; pack it again"


def unpacked(folder: Path, entry: Entry, most: int | None = None) -> bytes:
    path, target = folder / "范围.zip", folder / "out.bin"
    path.write_bytes(archive([entry]))
    with opened_archive(path, HERE, Limits()) as found:
        found.unpack(found.members[0], target, most)
    return target.read_bytes()


@pytest.mark.parametrize("deflate", [False, True])
@pytest.mark.parametrize(("most", "count"), [(None, 200), (0, 0), (1, 1), (199, 199), (200, 200), (900, 200)])
def test_a_member_or_its_beginning_is_unpacked(tmp_path: Path, most: int | None, count: int, *, deflate: bool) -> None:
    assert unpacked(tmp_path, Entry(b"a.shp", SHP.data, deflate=deflate), most) == SHP.data[:count]


@pytest.mark.parametrize("size", [199, 201, 0])
def test_a_size_that_lies_is_damage(tmp_path: Path, size: int) -> None:
    entry = Entry(b"a.shp", SHP.data, deflate=True, central={"size": size})
    assert both(lambda: unpacked(tmp_path, entry), SiteError) == DAMAGED


@pytest.mark.parametrize(
    ("flags", "method", "said"),
    [
        (1, 0, "the archive has a password"),
        (0, 99, "the archive has a password"),
        (0, 12, "is packed by a method (12)"),
        (0, 14, "is packed by a method (14)"),
    ],
)
def test_passwords_and_other_methods(tmp_path: Path, flags: int, method: int, said: str) -> None:
    change: dict[str, bytes | int] = {"flags": flags, "method": method}
    _, en = both(lambda: unpacked(tmp_path, Entry(b"a.shp", b"x", local=change, central=change)), SiteError)
    assert said in en


@pytest.mark.parametrize(("most", "fits"), [(205, True), (204, False)])
def test_members_are_measured_together(tmp_path: Path, most: int, *, fits: bool) -> None:
    path = tmp_path / "范围.zip"
    path.write_bytes(archive([SHP, DBF]))
    with opened_archive(path, HERE, Limits(unpacked_bytes=most)) as found:
        members = list(found.members)
        if fits:
            found.check_size(members)
            return
        zh, _ = both(lambda: found.check_size(members), SiteError)
    assert zh.startswith("范围.zip：压缩包解压后有 0 MB（上限 0 MB，压缩比上限 200），不予解压")


def test_the_suffix_of_a_member_is_in_small_letters(tmp_path: Path) -> None:
    path = tmp_path / "范围.zip"
    path.write_bytes(archive([Entry(b"a/B.SHP", b"x")]))
    with opened_archive(path, HERE, Limits()) as found:
        assert [member.suffix for member in found.members] == [".shp"]
    assert isinstance(found, zip_files.Archive)


# --- one layer of several ---


@pytest.mark.parametrize(
    ("filled", "stated", "others", "chosen"),
    [
        (["东区"], None, [], "东区"),
        (["东区"], "东区", [], "东区"),
        (["东区", "西区"], "西区", [], "西区"),
        (["东区"], "空", ["空"], "空"),
        ([], "空", ["空"], "空"),
    ],
)
def test_the_layer_that_is_meant(filled: list[str], stated: str | None, others: list[str], chosen: str) -> None:
    assert choose(filled, stated, HERE, others=others) == chosen


def test_no_layer_is_guessed() -> None:
    assert both(lambda: choose(["东区", "西区"], None, HERE), SiteError) == (
        "范围.zip：有 2 个图层；请用 --layer 指定一个：东区、西区",
        "范围.zip: it holds 2 layers; choose one with --layer: 东区, 西区",
    )
    assert both(lambda: choose([], None, HERE, others=["空"]), SiteError)[1] == (
        "范围.zip: it holds no features; export it again"
    )
    assert both(lambda: choose(["东区"], "北区", HERE, others=["空"]), SiteError) == (
        "范围.zip：没有图层 北区；可选：东区、空",
        "范围.zip: there is no layer 北区; there are: 东区, 空",
    )
    assert str(no_such_layer("x", [], HERE)).startswith("范围.zip")


@pytest.mark.parametrize(("count", "ending"), [(20, "19"), (21, "19 and 1 more"), (25, "19 and 5 more")])
def test_twenty_names_are_listed_at_most(count: int, ending: str) -> None:
    text = listed([str(number) for number in range(count)])
    assert text.en == ", ".join(str(number) for number in range(19)) + f", {ending}"
    assert text.zh.endswith(f"、19 等 {count} 个" if count > 20 else "、19")
