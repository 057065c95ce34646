"""Names and folders of what people hand in: nothing leads out, nothing stays behind."""

import io
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import UploadFile

from zoning.errors import UsageError
from zoning.web.access import Who
from zoning.web.server import Server
from zoning.web.settings import ServerSettings
from zoning.web.uploads import attach_documents, keep_upload, kept_uploads, plain_name, upload_folder, write_upload


class Silent:
    """Stands for the database of a register that is not asked."""

    def speak_to_strangers(self) -> None:
        """Do nothing."""


class Store:
    database = Silent()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    settings = ServerSettings(tmp_path / "workspace", "", tmp_path / "files", tmp_path / "state")
    nothing: Any = None
    return Server(settings, Store(), nothing, nothing, nothing, nothing)  # type: ignore[arg-type]  # stands for a store


def upload(name: str | None, content: bytes = b"x") -> UploadFile:
    return UploadFile(io.BytesIO(content), filename=name)


def left(server: Server) -> list[Path]:
    return list(server.folder("uploads").iterdir())


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("site.geojson", "site.geojson"),
        ("项目 地块（一期）.shp", "项目 地块（一期）.shp"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\项目\\地块.shp", "地块.shp"),
        ("a/b\\c/d.txt", "d.txt"),
        ("..", "upload"),
        (".", "upload"),
        ("", "upload"),
        ("   ", "upload"),
        ("a/", "upload"),
        (".htaccess", "htaccess"),
        ("..a.txt", "a.txt"),
        ("a.txt.", "a.txt"),
        (" a.txt ", "a.txt"),
        ("a\nb\r\0c.txt", "abc.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("\u200b", "upload"),
        ("a..b", "a..b"),
    ],
)
def test_a_name_loses_its_folders_and_what_does_not_print(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_another_word_may_stand_for_no_name() -> None:
    assert plain_name("..", "photo") == "photo"
    assert plain_name("a", "photo") == "a"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("n" * 196 + ".shp", "n" * 196 + ".shp"),
        ("n" * 197 + ".shp", "n" * 196 + ".shp"),
        ("n" * 200, "n" * 200),
        ("n" * 201, "n" * 200),
        ("字" * 66, "字" * 66),  # 198 bytes
        ("字" * 67, "字" * 66),
        ("字" * 100 + ".zip", "字" * 65 + ".zip"),  # 199 bytes
        ("a." + "s" * 300, "s" * 200),
    ],
)
def test_a_long_name_loses_the_end_of_its_stem(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_the_folder_of_an_upload_goes_afterwards(server: Server) -> None:
    with upload_folder(server) as folder:
        (folder / "a").write_bytes(b"x")
        assert left(server) == [folder]
    assert left(server) == []


def test_the_folder_of_an_upload_goes_after_a_refusal_too(server: Server) -> None:
    with pytest.raises(ZeroDivisionError), kept_uploads(server, [upload("a.txt")]) as paths:
        len(paths) / 0
    assert left(server) == []


@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 9000])
def test_an_upload_is_written_whole(tmp_path: Path, content: bytes) -> None:
    path = write_upload(upload("../地块.zip", content), tmp_path)
    assert path == tmp_path / "地块.zip"
    assert path.read_bytes() == content


def test_an_upload_without_a_name_has_one(tmp_path: Path) -> None:
    assert write_upload(upload(None), tmp_path).name == "upload"


def test_uploads_of_one_name_do_not_meet(server: Server) -> None:
    files = [upload("a.txt", b"one"), upload("b/a.txt", b"two"), upload("c.txt", b"three")]
    with kept_uploads(server, files) as paths:
        assert [path.name for path in paths] == ["a.txt", "a.txt", "c.txt"]
        assert [path.read_bytes() for path in paths] == [b"one", b"two", b"three"]


def test_no_upload_gives_no_path(server: Server) -> None:
    with kept_uploads(server, []) as paths:
        assert paths == []


def test_an_upload_is_kept_by_its_content(server: Server) -> None:
    copies = [keep_upload(server, upload(name, b"same")) for name in ("a.txt", "b/b.txt")]
    assert [copy.name for copy in copies] == ["a.txt", "b.txt"]
    assert len({copy.sha256 for copy in copies}) == 1
    assert (server.settings.files / copies[0].path).read_bytes() == b"same"
    assert left(server) == []


class Register:
    """Notes what is attached."""

    def __init__(self) -> None:
        self.attached: list[tuple[Any, ...]] = []

    def attach(self, record: str, path: Path, what: str, taken: object, stamp: Any) -> None:
        self.attached.append((record, path.name, path.read_bytes(), what, taken, stamp.actor))


def test_documents_are_attached_one_by_one_by_whoever_brings_them(server: Server) -> None:
    register: Any = Register()
    attach_documents(server, register, "2026-0001", [upload("批复.pdf", b"1"), upload("图.pdf", b"2")], Who("anna"))
    assert register.attached == [
        ("2026-0001", "批复.pdf", b"1", "document", None, "anna"),
        ("2026-0001", "图.pdf", b"2", "document", None, "anna"),
    ]
    assert left(server) == []


def test_without_a_file_nothing_is_attached(server: Server) -> None:
    register: Any = Register()
    with pytest.raises(UsageError) as caught:
        attach_documents(server, register, "2026-0001", [], Who("anna"))
    assert (caught.value.text.zh, caught.value.text.en) == ("请选择文件", "choose a file")
    assert register.attached == []
