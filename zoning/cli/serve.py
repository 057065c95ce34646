"""`zoning serve`: the workbench for an office."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.serve_settings import ServeRequest, settings_of
from zoning.cli.session import Session
from zoning.errors import UsageError, how_to_install
from zoning.texts import Text

if TYPE_CHECKING:
    import socket

    from zoning.web.settings import ServerSettings

__all__ = ["ServeRequest", "run_serve"]

_LOOPBACK = ("127.", "::1", "localhost")
_OWN = Path("zoning-workspace")


def run_serve(session: Session, request: ServeRequest) -> int:
    """Serve until interrupted; leave with 0.

    Raises
    ------
    UsageError
        When the libraries of the server are not installed, there is no workspace of one's own, options contradict each
        other, or the address cannot be had.
    ContentError
        When settings or workspace have mistakes, certificate and key are no pair, or the register cannot be opened.
    """
    demand_serve_extra()
    from zoning.cli.serve_listening import listen, serve

    settings, types = settings_of(session, _with_workspace(session, request))
    with listen(settings) as listening:
        # Whoever asks from now on waits for the answer instead of being turned away.
        _say_where(session, settings, listening)
        serve(session, settings, types, listening)
    sys.stderr.flush()
    return 0


def demand_serve_extra() -> None:
    """Refuse where the libraries of the server are not installed.

    Raises
    ------
    UsageError
        With the command that installs them.
    """
    from importlib.util import find_spec

    if all(find_spec(name) is not None for name in ("argon2", "fastapi", "python_multipart", "uvicorn")):
        return
    how = how_to_install("serve")
    raise UsageError(f"工作台的组件未安装；{how.zh}", f"the libraries of the workbench are not installed: {how.en}")


def _with_workspace(session: Session, request: ServeRequest) -> ServeRequest:
    """Offer to make a workspace, where there is none and somebody sits at the terminal."""
    from zoning.workspace import builtin_root, copy_workspace, find_workspace

    _, is_builtin = find_workspace(request.workspace, session.environ, Path.cwd())
    if not is_builtin or not sys.stdin.isatty():
        return request
    question = Text(
        f"没有自己的工作空间。在 {_OWN} 建立一份内置数据的副本并启动？[y/N] ",
        f"there is no workspace of your own. Make a copy of the built-in one in {_OWN} and go on? [y/N] ",
    )
    sys.stderr.write(question.get(session.language))
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "是"):
        return request
    copy_workspace(builtin_root(), _OWN)
    return replace(request, workspace=_OWN)


def _say_where(session: Session, settings: "ServerSettings", listening: "socket.socket") -> None:
    scheme = "https" if settings.tls is not None else "http"
    host, port = settings.host, listening.getsockname()[1]
    url = settings.public_url or f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
    session.say(Text(f"打开 {url}/ （按 Ctrl-C 结束）", f"open {url}/ (Ctrl-C ends it)"))
    if not settings.is_secure and not host.startswith(_LOOPBACK):
        session.say(
            Text(
                "警告：其他计算机可以访问，但没有加密，口令和会话会在网络上明文传输；"
                "请用 --tls-cert 和 --tls-key，或放在 HTTPS 代理后面（--trusted-proxy 和 --public-url https://…）",
                "warning: other computers can reach this server without encryption: passwords and sessions cross the "
                "network in the clear. Use --tls-cert and --tls-key, or an HTTPS proxy in front of it "
                "(--trusted-proxy and --public-url https://...)",
            )
        )
