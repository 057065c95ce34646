"""`zoning serve` and `zoning account` as an administrator meets them: sentences, limits of the listener, its end."""

import io
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from web_world import PASSWORD, workspace
from zoning.cli import account, serve_listening
from zoning.cli.serve import ServeRequest, run_serve
from zoning.cli.serve_listening import listen
from zoning.cli.serve_settings import settings_of
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.web.settings import ServerSettings


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace(tmp_path_factory.mktemp("serve") / "office")


def session(**environ: str) -> Session:
    return Session("zh", environ)


def settings(root: Path, text: str = "", **options: Any) -> ServerSettings:
    """Return the settings that a file and options make; the file is removed again."""
    path = root / "server.yaml"
    if text:
        path.write_text(text, encoding="utf-8")
    try:
        return settings_of(session(), ServeRequest(root, **options))[0]
    finally:
        path.unlink(missing_ok=True)


def test_without_options_it_is_for_this_computer_and_beside_the_workspace(root: Path) -> None:
    found = settings(root)
    assert (found.host, found.port, found.is_secure) == ("127.0.0.1", 8010, False)
    assert found.register == str(root / "register.sqlite")
    assert found.files == root / "register-files"
    assert found.state == root / "server"


def test_the_file_says_it_and_options_go_before_it(root: Path) -> None:
    text = (
        "host: 0.0.0.0\nport: 9000\npublic_url: https://zoning.example/\nregister: data/cases.sqlite\nprocesses: 3\n"
        "trusted_proxies: [10.0.0.1]\nlanguage: en\nquotas: {upload_mb: 5, day_mb: 7, check_seconds: 9}\n"
        "session: {idle_hours: 0.5, longest_hours: 12}\n"
        "oidc: {issuer: https://id.example, client_id: zoning, roles: {审批科: [reviewer]}}\n"
    )
    found = settings(root, text)
    assert (found.host, found.port, found.processes, found.language) == ("0.0.0.0", 9000, 3, "en")  # noqa: S104 - only told, never bound
    assert (found.public_url, found.is_secure) == ("https://zoning.example", True)
    assert found.register == str(root / "data" / "cases.sqlite")
    assert found.files == root / "data" / "cases-files"
    assert (found.quotas.upload_bytes, found.quotas.day_bytes, found.quotas.check_s) == (5_000_000, 7_000_000, 9)
    assert (found.session_hours, found.longest_hours) == (0.5, 12)
    assert found.oidc is not None
    assert found.oidc.roles == {"审批科": ("reviewer",)}
    given = settings(root, text, host="127.0.0.1", port=1, register="x.sqlite", public_url="http://a.example")
    assert (given.host, given.port, given.register, given.is_secure) == ("127.0.0.1", 1, "x.sqlite", False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prot: 8010", "server.yaml:1：不认识的键“prot”；是否想写“port”？"),
        ("port: 80100", "server.yaml:1：port：“80100”超出范围；应不大于 65535"),
        ("public_url: zoning.example", "server.yaml:1：public_url：应写成 https://zoning.example 的形式，不含路径"),
        (
            "public_url: https://a.example\noidc:\n  issuer: http://id.example\n  client_id: a",
            "server.yaml:3：oidc.issuer：须为 https:// 地址",
        ),
        (
            "oidc: {issuer: https://id.example, client_id: a, roles: {x: [chief]}}",
            "server.yaml:1：oidc.roles.x.0：“chief”不在可用的词之中：viewer、reviewer、planner、restoration、admin",
        ),
    ],
)
def test_mistakes_in_the_file_are_named_with_their_line(root: Path, text: str, sentence: str) -> None:
    with pytest.raises(ContentError) as caught:
        settings(root, text)
    assert sentence in caught.value.text.zh, caught.value.text.zh


def test_a_provider_needs_the_address_of_this_server(root: Path) -> None:
    with pytest.raises(UsageError, match="a provider of identities needs public_url"):
        settings(root, "oidc: {issuer: https://id.example, client_id: a}")


def test_without_a_workspace_it_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(UsageError) as caught:
        run_serve(session(), ServeRequest())
    assert caught.value.text.zh == (
        "没有自己的工作空间，内置示范数据不能写入；请先执行：zoning init office，再在本命令后加上：--workspace office"
    )
    assert list(tmp_path.iterdir()) == []


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def test_at_a_terminal_a_copy_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    with pytest.raises(UsageError, match="there is no workspace of your own"):
        run_serve(session(), ServeRequest())
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == ("没有自己的工作空间。在 zoning-workspace 建立一份内置数据的副本并启动？[y/N] ")
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    monkeypatch.setattr(serve_listening, "serve", lambda *_: None)
    assert run_serve(session(), ServeRequest(port=0)) == 0
    assert (tmp_path / "zoning-workspace" / "zoning.yaml").is_file()


def test_a_taken_port_is_said(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as caught, listen(settings(root, port=port)):
            pass
    assert caught.value.text.zh == f"端口 {port} 已被占用；可能服务已在运行，或用 --port 换一个"


def test_an_address_that_is_not_ours_is_said(root: Path) -> None:
    with pytest.raises(UsageError, match=r"^--host: 192.0.2.1 is no address of this computer$"):
        listen(settings(root, host="192.0.2.1")).__enter__()
    with pytest.raises(UsageError, match=r"^--host: there is no address 'nowhere.invalid'$"):
        listen(settings(root, host="nowhere.invalid")).__enter__()


def test_missing_libraries_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "uvicorn" else object())
    with pytest.raises(UsageError) as caught:
        run_serve(session(), ServeRequest())
    assert caught.value.text.zh == (
        '工作台的组件未安装；请在本程序的源码文件夹执行 pip install ".[serve]"；'
        "不能上网时用 make wheelhouse 收集的文件夹安装（见 docs/server.md）"
    )


@pytest.mark.parametrize(
    ("options", "is_warned"),
    [
        ({"host": "127.0.0.1"}, False),
        ({"host": "0.0.0.0"}, True),  # noqa: S104 - only told, never bound
        ({"host": "0.0.0.0", "trusted_proxies": ("127.0.0.1",), "public_url": "https://a.example"}, False),  # noqa: S104 - only told, never bound
        ({"host": "0.0.0.0", "trusted_proxies": ("127.0.0.1",), "public_url": "http://a.example"}, True),  # noqa: S104 - only told, never bound
        ({"host": "0.0.0.0", "public_url": "https://a.example"}, True),  # noqa: S104 - only told, never bound
    ],
)
def test_an_open_address_without_encryption_is_warned_of(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: dict[str, Any],
    *,
    is_warned: bool,
) -> None:
    monkeypatch.setattr(serve_listening, "serve", lambda *_: None)
    run_serve(session(), ServeRequest(root, port=0, **options))
    assert ("警告：其他计算机可以访问，但没有加密" in capsys.readouterr().err) is is_warned


def test_certificate_and_key_go_together_and_fit(root: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--tls-cert and --tls-key go together"):
        settings(root, tls_cert=tmp_path / "a.pem")
    (tmp_path / "a.pem").write_text("no certificate")
    found = settings(root, tls_cert=tmp_path / "a.pem", tls_key=tmp_path / "a.pem")
    with pytest.raises(ContentError, match="are no certificate and key of one pair"):
        serve_listening._tls(found)
    missing = replace(found, tls=(tmp_path / "b.pem", tmp_path / "b.pem"))
    with pytest.raises(UsageError, match="certificate or key cannot be read"):
        serve_listening._tls(missing)


# --- accounts on the command line


@pytest.fixture
def office(root: Path, tmp_path: Path) -> ServeRequest:
    return ServeRequest(root, register=str(tmp_path / "register.sqlite"))


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_accounts_are_made_listed_and_changed(
    office: ServeRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, PASSWORD + "\n")
    assert account.run_add(session(ZONING_ACTOR="li"), office, "admin", ["admin"], "管理员") == 0
    typed(monkeypatch, PASSWORD)
    assert account.run_add(session(), office, "zhang", ["reviewer", "viewer"], "") == 0
    assert account.run_roles(session(), office, "zhang", ["planner"]) == 0
    assert account.run_switch(session(), office, "zhang", is_active=False) == 0
    assert account.run_link(session(), office, "admin", "https://id.example|7") == 0
    capsys.readouterr()
    assert account.run_list(session(), office) == 0
    assert capsys.readouterr().out == "admin\t管理员\t管理\t启用\nzhang\tzhang\t规划\t停用\n"
    assert account.run_switch(session(), office, "zhang", is_active=True) == 0
    typed(monkeypatch, "another long password\r\n")
    assert account.run_password(session(), office, "zhang") == 0
    assert capsys.readouterr().err == "已恢复账号 zhang\n已重设 zhang 的密码，其会话已全部结束\n"


@pytest.mark.parametrize(
    ("name", "roles", "password", "sentence"),
    [
        ("a b", ["admin"], PASSWORD, "账号名只能用字母、数字、汉字和 . _ @ -，最多 40 个字符"),
        ("zhang", ["chief"], PASSWORD, "角色须为以下之一或几个：viewer, reviewer, planner, restoration, admin"),
        ("zhang", ["admin"], "short", "密码至少 10 个字符，且不能是重复的同一字符"),
        ("zhang", ["admin"], "", "密码至少 10 个字符，且不能是重复的同一字符"),
    ],
)
def test_accounts_that_are_refused(
    office: ServeRequest, monkeypatch: pytest.MonkeyPatch, name: str, roles: list[str], password: str, sentence: str
) -> None:
    typed(monkeypatch, password + "\n")
    with pytest.raises(UsageError) as caught:
        account.run_add(session(), office, name, roles, "")
    assert caught.value.text.zh == sentence


def test_at_a_terminal_the_password_is_asked_for_twice(office: ServeRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    words = iter([PASSWORD, "another", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda _: next(words))
    with pytest.raises(UsageError, match="the two are not the same: nothing was changed"):
        account.run_add(session(), office, "zhang", ["admin"], "")
    assert account.run_add(session(), office, "zhang", ["admin"], "") == 0


def test_an_unknown_account_is_said_before_a_password_is_asked_for(
    office: ServeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, PASSWORD)
    account.run_add(session(), office, "zhang", ["admin"], "")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="there is no account 'li'"):
        account.run_password(session(), office, "li")
