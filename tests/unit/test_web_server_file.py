"""The file server.yaml: what it says reaches the server in its units, what it cannot mean is refused with its line."""

import re
from pathlib import Path
from typing import Any

import pytest

from zoning.errors import ContentError
from zoning.mistakes import Mistake
from zoning.web.settings import Oidc, Quotas, ServerSettings
from zoning.web.settings_file import ServerFile, public_address, read_server_file, with_file

PROVIDER = "oidc: {issuer: 'https://id.example', client_id: zoning}\n"


def read(folder: Path, text: str) -> ServerFile:
    path = folder / "server.yaml"
    path.write_text(text, encoding="utf-8")
    return read_server_file(path)


def refused(folder: Path, text: str) -> tuple[str, str]:
    with pytest.raises(ContentError) as caught:
        read(folder, text)
    return caught.value.text.zh, caught.value.text.en


def settings(**more: Any) -> ServerSettings:
    return ServerSettings(Path("w"), "register.sqlite", Path("files"), Path("state"), **more)


def test_an_almost_empty_file_is_what_a_server_is_without_one(tmp_path: Path) -> None:
    file = read(tmp_path, "host: 127.0.0.1\n")
    assert file == ServerFile(host="127.0.0.1")
    assert with_file(settings(), file, tmp_path) == settings()
    assert file.quotas.quotas() == Quotas()


def test_all_that_can_be_written_is_read(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "host: 0.0.0.0\nport: 443\npublic_url: https://zoning.example/\nlanguage: en\nregister: postgresql://db/z\n"
        "files: 文件\nprocesses: 4\ntls: {certificate: tls/all.pem, key: tls/key.pem}\n"
        "trusted_proxies: [10.0.0.1, '::1']\n",
    )
    assert (file.host, file.port, file.public_url, file.language) == ("0.0.0.0", 443, "https://zoning.example", "en")  # noqa: S104 - an office that listens on all of its networks
    assert (file.register_, file.files, file.processes) == ("postgresql://db/z", Path("文件"), 4)
    assert file.tls is not None
    assert (file.tls.certificate, file.tls.key) == (Path("tls/all.pem"), Path("tls/key.pem"))
    assert file.trusted_proxies == ("10.0.0.1", "::1")


def test_megabytes_become_bytes_and_seconds_stay(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "quotas: {upload_mb: 1, body_mb: 2, day_mb: 3, check_seconds: 4, job_seconds: 5, memory_mb: 256}\n",
    )
    assert with_file(settings(), file, tmp_path).quotas == Quotas(1_000_000, 2_000_000, 3_000_000, 4, 5, 256)


def test_what_is_left_out_of_the_quotas_is_as_usual(tmp_path: Path) -> None:
    assert read(tmp_path, "quotas: {check_seconds: 90}\n").quotas.quotas() == Quotas(check_s=90)


@pytest.mark.parametrize(
    "text",
    [
        "port: -1",
        "port: 65536",
        "port: http",
        "processes: 0",
        "language: de",
        "quotas: {upload_mb: 0}",
        "quotas: {body_mb: 0}",
        "quotas: {day_mb: 0}",
        "quotas: {check_seconds: 0}",
        "quotas: {job_seconds: -1}",
        "quotas: {memory_mb: 255}",
        "quotas: {memory: 300}",
        "session: {idle_hours: 0}",
        "session: {idle_hours: 744.5}",
        "session: {longest_hours: 0}",
        "session: {longest_hours: 745}",
        "session: {hours: 8}",
        "hosts: 127.0.0.1",
        "register_: a.sqlite",
    ],
)
def test_what_a_server_cannot_be_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    key = re.findall(r"\w+(?=:)", text)[-1]
    zh, en = refused(tmp_path, f"host: localhost\n{text}\n")
    assert "server.yaml:2：" in zh
    assert "server.yaml:2: " in en
    assert key in en


@pytest.mark.parametrize(
    ("text", "port"), [("port: 0", 0), ("port: 65535", 65535), ("port: 8010", 8010), ("host: a", None)]
)
def test_a_port_may_be_any_or_left_to_the_system(tmp_path: Path, text: str, port: int | None) -> None:
    assert read(tmp_path, text + "\n").port == port


@pytest.mark.parametrize(("idle", "longest"), [("0.25", "744"), ("744", "0.5"), ("8", "72")])
def test_hours_of_sessions_reach_the_server(tmp_path: Path, idle: str, longest: str) -> None:
    file = read(tmp_path, f"session: {{idle_hours: {idle}, longest_hours: {longest}}}\n")
    found = with_file(settings(), file, tmp_path)
    assert (found.session_hours, found.longest_hours) == (float(idle), float(longest))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    _, en = refused(tmp_path, "port: 99999\nprocesses: 0\nlanguage: fr\n")
    assert [f"server.yaml:{line}:" in en for line in (1, 2, 3)] == [True] * 3


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read_server_file(tmp_path / "server.yaml")
    assert "server.yaml" in caught.value.text.zh
    assert "无法读取（不存在）" in caught.value.text.zh


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://zoning.example", "https://zoning.example"),
        ("https://zoning.example/", "https://zoning.example"),
        ("http://10.1.2.3:8010", "http://10.1.2.3:8010"),
        ("http://[::1]:8010/", "http://[::1]:8010"),
        ("HTTPS://Zoning.Example", "https://Zoning.Example"),
        ("https://规划.example", "https://规划.example"),
    ],
)
def test_a_public_address_loses_the_slash_at_its_end(url: str, address: str) -> None:
    assert public_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "zoning.example",
        "//zoning.example",
        "ftp://zoning.example",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://zoning.example/a",
        "https://zoning.example//",
        "https://zoning.example?x=1",
        "https://zoning.example/?x=1",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(Mistake) as caught:
        public_address(url)
    assert caught.value.text.zh == "应写成 https://zoning.example 的形式，不含路径"
    assert caught.value.text.en == "write it like https://zoning.example, without a path"


def test_a_public_address_with_a_path_is_named_with_its_line(tmp_path: Path) -> None:
    zh, en = refused(tmp_path, "port: 1\npublic_url: https://office.example/zoning\n")
    assert "server.yaml:2：public_url" in zh
    assert en.endswith("write it like https://zoning.example, without a path")


def test_tls_files_lie_beside_the_file_unless_the_command_named_others(tmp_path: Path) -> None:
    file = read(tmp_path, "tls: {certificate: all.pem, key: /etc/key.pem}\n")
    assert with_file(settings(), file, tmp_path).tls == (tmp_path / "all.pem", Path("/etc/key.pem"))
    told = Path("b.pem"), Path("c.pem")
    assert with_file(settings(tls=told), file, tmp_path).tls == told


def test_proxies_of_the_command_go_before_those_of_the_file(tmp_path: Path) -> None:
    file = read(tmp_path, "trusted_proxies: [10.0.0.1]\n")
    assert with_file(settings(), file, tmp_path).trusted_proxies == ("10.0.0.1",)
    assert with_file(settings(trusted_proxies=("10.0.0.2",)), file, tmp_path).trusted_proxies == ("10.0.0.2",)


def test_what_the_command_says_of_the_rest_is_not_touched(tmp_path: Path) -> None:
    file = read(tmp_path, "host: 0.0.0.0\nport: 1\nlanguage: en\nregister: other.sqlite\nprocesses: 9\n")
    assert with_file(settings(port=8011, processes=3), file, tmp_path) == settings(port=8011, processes=3)


def test_a_provider_is_taken_with_what_is_usual(tmp_path: Path) -> None:
    found = with_file(settings(), read(tmp_path, PROVIDER), tmp_path).oidc
    assert found == Oidc("https://id.example", "zoning")


def test_a_provider_is_taken_with_all_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("  a b+c \n", encoding="utf-8")
    file = read(
        tmp_path,
        "oidc:\n  issuer: https://id.example/realm\n  client_id: zoning\n  client_secret_file: secret\n"
        "  scopes: [openid, groups]\n  name_claim: uid\n  title_claim: cn\n  roles_claim: a.b\n"
        "  roles: {审查科: [reviewer, viewer], boss: [admin]}\n  button: 统一身份\n",
    )
    assert with_file(settings(), file, tmp_path).oidc == Oidc(
        "https://id.example/realm",
        "zoning",
        "a b+c",
        ("openid", "groups"),
        "uid",
        "cn",
        "a.b",
        {"审查科": ("reviewer", "viewer"), "boss": ("admin",)},
        "统一身份",
    )


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [(None, "无法读取（不存在）", "cannot be read (No such file or directory)"), (b"\xff\xfe", "不是文本", "no text")],
)
def test_a_secret_that_cannot_be_read_stops_the_start(tmp_path: Path, content: bytes | None, zh: str, en: str) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    file = read(tmp_path, PROVIDER.replace("}", ", client_secret_file: secret}"))
    with pytest.raises(ContentError) as caught:
        with_file(settings(), file, tmp_path)
    assert caught.value.text.zh.startswith(str(tmp_path / "secret"))
    assert zh in caught.value.text.zh
    assert en in caught.value.text.en


@pytest.mark.parametrize(
    ("issuer", "is_taken"),
    [
        ("https://id.example", True),
        ("https://id.example:8443/realms/z", True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1/x", True),
        ("http://[::1]:9", True),
        ("http://id.example", False),
        ("http://localhost.example", False),
        ("http://127.0.0.2", False),
        ("id.example", False),
        ("ftp://localhost", False),
    ],
)
def test_a_provider_is_asked_over_https_or_on_this_computer(tmp_path: Path, issuer: str, is_taken: bool) -> None:
    text = PROVIDER.replace("https://id.example", issuer)
    if is_taken:
        assert read(tmp_path, text).oidc is not None
    else:
        zh, en = refused(tmp_path, text)
        assert "须为 https:// 地址" in zh
        assert en.endswith("it has to be an https:// address")


@pytest.mark.parametrize("scopes", ["[]", "[profile]", "[OpenID]"])
def test_a_provider_is_asked_for_the_identity(tmp_path: Path, scopes: str) -> None:
    zh, en = refused(tmp_path, PROVIDER.replace("}", f", scopes: {scopes}}}"))
    assert "须包含 openid" in zh
    assert "openid has to be among them" in en


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_tls_needs_both_of_its_files(tmp_path: Path, missing: str) -> None:
    told = {"certificate": "a.pem", "key": "b.pem"}
    del told[missing]
    _, en = refused(
        tmp_path, f"host: localhost\ntls: {{{', '.join(f'{key}: {path}' for key, path in told.items())}}}\n"
    )
    assert "server.yaml:2: " in en
    assert missing in en


@pytest.mark.parametrize(
    "more", ["roles: {a: [chief]}", "roles: {a: reviewer}", "roles: [admin]", "secret: x", "client_secret: x"]
)
def test_a_provider_gives_only_roles_that_there_are_and_brings_no_secret(tmp_path: Path, more: str) -> None:
    _, en = refused(tmp_path, f"oidc:\n  issuer: https://id.example\n  client_id: zoning\n  {more}\n")
    assert "server.yaml:4: " in en
