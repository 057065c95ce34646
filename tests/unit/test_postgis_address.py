"""Layers in a database, as far as no server is needed: what the file may say, and what is said without one."""

import pickle
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

import tiny_workspace
from overlay_world import DAY, catalogue, layer
from zoning.errors import ContentError
from zoning.layers import reader
from zoning.layers.catalogue import Edition
from zoning.layers.postgis import failures
from zoning.layers.postgis.address import parse_address
from zoning.layers.reader import LayerStore, Unavailable, read_window
from zoning.mistakes import Mistake, without_passwords
from zoning.workspace import Workspace

HERE = (112.3, 35.3, 112.5, 35.6)
SECRET = "s3cr3t-Wort"  # noqa: S105 - never the password of anything


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://gis.county/land", "gis.county/land"),
        (f"postgresql://reader:{SECRET}@gis.county:6432/land", "gis.county:6432/land"),
        ("postgres://reader@[::1]:5433/land", "[::1]:5433/land"),
        (f"postgresql://a,b:5433/land?password={SECRET}", "a,b:5433/land"),
        ("postgresql:///land?host=/run/postgresql", "land"),
        ("postgresql://%2Frun%2Fpostgresql/land", "land"),
        ("postgresql://?service=land", "service land"),
        ("postgresql://gis.county?dbname=land", "gis.county/land"),
        ("postgresql://gis.county/%E5%9C%9F%E5%9C%B0", "gis.county/土地"),
    ],
)
def test_an_address_is_called_by_host_and_database(url: str, name: str) -> None:
    address = parse_address(url)
    assert address.name == name
    assert str(address) == repr(address) == f"postgresql://{name}"
    assert address.url == url
    assert pickle.loads(pickle.dumps(address)) == address  # noqa: S301 - made here


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://reader:{SECRET}@x@gis.county/land",
        f"postgresql://reader:{SECRET}#x@gis.county/land",
        f"postgresql://reader:{SECRET}/x@gis.county/land",
        f"postgresql://reader:{SECRET}?x@gis.county/land",
        f"postgresql://reader:[{SECRET}@gis.county/land",
        f"postgresql://reader:{SECRET}@gis.county:port/land",
        f"postgresql://reader:{SECRET}@gis.county",
        f"mysql://reader:{SECRET}@gis.county/land",
        f"gis.county/land?password={SECRET}",
    ],
)
def test_a_wrong_address_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse_address(url)
    assert SECRET not in caught.value.text.zh + caught.value.text.en
    assert "postgresql://" in caught.value.text.zh
    assert "postgresql://" in caught.value.text.en


@pytest.mark.parametrize(
    ("edition", "said"),
    [
        (
            "{valid_from: 2020-01-01}",
            "editions.2020: write either 'file' (a data file) or 'source' (the address of a database)",
        ),
        (
            f"{{file: a.gpkg, source: 'postgresql://u:{SECRET}@h/d', table: a.b, valid_from: 2020-01-01}}",
            "editions.2020.source: write either 'file' (a data file) or 'source' (the address of a database)",
        ),
        (
            f"{{source: 'postgresql://u:{SECRET}@h/d', valid_from: 2020-01-01}}",
            "editions.2020: a layer in a database names its 'table' as schema.table, such as public.water",
        ),
        (
            f"{{source: 'postgresql://u:{SECRET}@h/d', table: water, valid_from: 2020-01-01}}",
            "editions.2020.table: a layer in a database names its 'table' as schema.table, such as public.water",
        ),
        (
            f"{{file: 'postgresql://u:{SECRET}@h/d', table: a.b, valid_from: 2020-01-01}}",
            "editions.2020.file: the address of a database goes to 'source', not to 'file'",
        ),
        (
            f"{{source: 'postgresql://u:{SECRET}@h/d', table: a.b, encoding: GBK, valid_from: 2020-01-01}}",
            "editions.2020.encoding: 'encoding' goes with 'file' only",
        ),
        (
            "{file: a.gpkg, geometry_field: geom, valid_from: 2020-01-01}",
            "editions.2020.geometry_field: 'geometry_field' goes with 'source' only",
        ),
        (
            f"{{'source：postgresql://u:{SECRET}@h/d', table: a.b, valid_from: 2020-01-01}}",
            "a key is followed by a plain colon and a space: write 'source: postgresql://u:***@h/d'",
        ),
        (
            f"{{sourc: 'postgresql://u:{SECRET}@h/d', table: a.b, valid_from: 2020-01-01}}",
            "unknown key 'sourc' - did you mean 'source'?",
        ),
        (
            f"{{source: ['postgresql://u:{SECRET}@h/d'], table: a.b, valid_from: 2020-01-01}}",
            "editions.2020.source: write it like postgresql://host/database",
        ),
    ],
)
def test_mistakes_in_an_edition_are_told_with_their_line(tmp_path: Path, edition: str, said: str) -> None:
    root = tiny_workspace.build(tmp_path)
    file = root / "layers" / "water.yaml"
    text = file.read_text(encoding="utf-8")
    there = "{file: data/water.geojson, valid_from: 2020-01-01}"
    assert there in text
    file.write_text(text.replace(there, edition), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        Workspace.open(root)
    assert f"water.yaml:15: {said}" in caught.value.get("en")
    assert SECRET not in caught.value.get("en") + caught.value.get("zh")


def test_coverage_by_a_table_alone_needs_an_edition_in_a_database(tmp_path: Path) -> None:
    root = tiny_workspace.build(tmp_path)
    file = root / "layers" / "water.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('{territories: ["140522"]}', "{table: public.area}"), encoding="utf-8")
    with pytest.raises(
        ContentError, match=r"coverage: edition 2020 is a file: its coverage is 'territories' or 'file'"
    ):
        Workspace.open(root)


def test_a_definition_says_where_a_database_is_and_for_a_file_what_it_always_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded verdicts hold the digests of definitions: those of files must not change, nor with a password."""
    said: list[Mapping[str, object]] = []

    def digest(content: Mapping[str, object]) -> str:
        said.append(content)
        return ""

    monkeypatch.setattr(reader, "content_sha256", digest)
    url = f"postgresql://reader:{SECRET}@gis.county/land"
    database_layer(tmp_path, url).definition_sha256("water")
    LayerStore(catalogue(tmp_path, layer())).definition_sha256("water")
    (table,), (file,) = (list(content["editions"].values()) for content in said)  # type: ignore[attr-defined]  # JSON
    assert SECRET not in str(said)
    assert (table["source"], table["table"]) == ("postgresql://gis.county/land", "gis.water")
    assert set(file) == {
        "file", "table", "valid_from", "valid_to", "superseded_by", "sha256", "encoding", "classes", "coverage"
    }  # fmt: skip


def test_written_out_an_edition_has_no_password() -> None:
    edition = Edition.model_validate(
        {"source": f"postgresql://reader:{SECRET}@gis.county/land", "table": "gis.water", "valid_from": DAY}
    )
    assert edition.origin == "gis.county/land:gis.water"
    for written in (repr(edition), str(edition), edition.model_dump_json(), str(edition.model_dump(mode="json"))):
        assert SECRET not in written
    assert edition.model_dump(mode="json")["source"] == "postgresql://gis.county/land"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("'postgres://u:p@q@h/d' is no", "'postgres://u:***@h/d' is no"),
        ("https://example.org:8080/a", "https://example.org:8080/a"),
        ("x?password=abc&y=1", "x?password=***&y=1"),
        ("accuracy_m: 5 @ 10", "accuracy_m: 5 @ 10"),
    ],
)
def test_no_sentence_about_a_file_holds_a_password(text: str, shown: str) -> None:
    assert without_passwords(text) == shown


def database_layer(root: Path, url: str) -> LayerStore:
    edition = Edition.model_validate({"source": url, "table": "gis.water", "valid_from": DAY})
    return LayerStore(catalogue(root, layer(editions={"2020": edition})))


def test_without_psycopg_the_layer_is_unavailable_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    found = database_layer(tmp_path, "postgresql://gis.county/land").read_window("water", on=DAY, bounds=HERE)
    assert isinstance(found, Unavailable)
    assert found.reason.en == (
        'reading a database needs psycopg, which is not installed: run pip install ".[postgis]" in the folder of the '
        "sources; without a network install from the folder that make wheelhouse collects (docs/server.en.md)"
    )
    assert found.reason.zh == (
        '读取数据库需要 psycopg，未安装；请在本程序的源码文件夹执行 pip install ".[postgis]"；'
        "不能上网时用 make wheelhouse 收集的文件夹安装（见 docs/server.md）"
    )


def test_files_are_read_without_psycopg() -> None:
    code = "import sys; sys.modules['psycopg'] = None; import zoning.layers.reader, zoning.workspace, zoning.check"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nobody_listens(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    url = f"postgresql://reader:{SECRET}@127.0.0.1:{port}/land"
    found = database_layer(tmp_path, url).read_window("water", on=DAY, bounds=HERE)
    assert isinstance(found, Unavailable)
    assert found.reason.en == (
        f"database 127.0.0.1:{port}/land: it refused the connection: check that it runs, and host and port"
    )
    assert found.reason.zh == f"数据库 127.0.0.1:{port}/land 拒绝连接；请确认数据库已启动，主机和端口无误"


def test_somebody_listens_and_does_not_answer(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        url = f"postgresql://127.0.0.1:{port}/land?connect_timeout=2"
        found = database_layer(tmp_path, url).read_window("water", on=DAY, bounds=HERE)
    assert isinstance(found, Unavailable)
    assert found.reason.en == f"database 127.0.0.1:{port}/land: no answer in time: check network, host and port"


def test_what_the_library_says_is_shown_on_one_line_without_the_password() -> None:
    address = parse_address("postgresql://u:p%40ss%2Fword@h/d?sslpassword=other+one")
    said = failures.not_connected(address, Exception("odd p@ss/word p%40ss%2Fword 'other one' " + "x" * 300 + "\nmore"))
    assert said.passing
    assert said.reason.en.startswith("database h/d cannot be reached (odd *** *** '***' xxx")
    assert said.reason.en.endswith("x…): check 'source' in layers/*.yaml")
    assert "\n" not in said.reason.en + said.reason.zh


def test_an_unknown_option_of_the_address(tmp_path: Path) -> None:
    url = f"postgresql://reader:{SECRET}@127.0.0.1/land?conect_timeout=2"
    found = read_window(database_layer(tmp_path, url).catalogue, "water", on=DAY, bounds=HERE)
    assert isinstance(found, Unavailable)
    assert found.reason.en == (
        'database 127.0.0.1/land cannot be reached (invalid URI query parameter: "conect_timeout"): '
        "check 'source' in layers/*.yaml"
    )
