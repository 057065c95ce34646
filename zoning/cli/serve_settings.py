"""Where a server and its accounts are: options, `server.yaml`, the workspace."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.register_options import DEFAULT_KIND, RegisterRequest
from zoning.cli.session import Session
from zoning.errors import UsageError, how_to_install
from zoning.mistakes import Mistake

if TYPE_CHECKING:
    from zoning.registers.types import RegisterType
    from zoning.web.settings import ServerSettings
    from zoning.web.settings_file import ServerFile

PORT = 8010
_STATE = "server"


@dataclass(frozen=True, slots=True)
class ServeRequest:
    """The options of `zoning serve`; None where one was not given."""

    workspace: Path | None = None
    config: Path | None = None
    host: str | None = None
    port: int | None = None
    register: str | None = None
    files: Path | None = None
    public_url: str | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    processes: int | None = None


def settings_of(session: Session, request: ServeRequest) -> "tuple[ServerSettings, dict[str, RegisterType]]":
    """Return what a server is started with, and the kinds of registers of its workspace.

    Raises
    ------
    UsageError
        When there is no workspace of one's own, or options contradict each other.
    ContentError
        When `server.yaml` has mistakes.
    """
    from zoning.cli.register_opening import FOLDER, place_of
    from zoning.web.settings import ServerSettings
    from zoning.web.settings_file import with_file
    from zoning.workspace import find_workspace

    root, is_builtin = find_workspace(request.workspace, session.environ, Path.cwd())
    if is_builtin:
        raise _no_workspace()
    file, folder = _file_of(request, root)
    register = request.register
    if register is None and file.register_ is not None:
        is_address = ":" in file.register_
        register = file.register_ if is_address else str(folder / file.register_)
    files = request.files or (folder / file.files if file.files is not None else None)
    address, named, types = place_of(session, RegisterRequest(DEFAULT_KIND, register, files, root))
    settings = ServerSettings(
        workspace=root,
        register=address,
        files=named or _files_beside(address) or root / FOLDER,
        state=root / _STATE,
        host=request.host or file.host or "127.0.0.1",
        port=next(port for port in (request.port, file.port, PORT) if port is not None),
        public_url=_public_url(request) or file.public_url or "",
        tls=_tls(request),
        trusted_proxies=request.trusted_proxies,
        processes=request.processes or file.processes or os.cpu_count() or 1,
        language=file.language or session.language,
    )
    settings = with_file(settings, file, folder)
    is_secure = settings.tls is not None or (
        settings.public_url.startswith("https:") and bool(settings.trusted_proxies)
    )
    if settings.oidc is not None:
        _demand_oidc(settings)
    return replace(settings, is_secure=is_secure), types


def _demand_oidc(settings: "ServerSettings") -> None:
    from importlib.util import find_spec

    if find_spec("authlib") is None or find_spec("httpx") is None:
        how = how_to_install("oidc")
        raise UsageError(
            f"统一身份登录的组件未安装；{how.zh}",
            f"the libraries for a provider of identities are not installed: {how.en}",
        )
    if not settings.public_url:
        raise UsageError(
            "统一身份登录需要 public_url：提供方要知道把用户送回哪里",
            "a provider of identities needs public_url: it has to know where to send people back to",
        )


def _files_beside(address: str) -> Path | None:
    """Return the folder that a register in a file has beside it, as `zoning register` does."""
    return None if "://" in address else Path(address).with_name(f"{Path(address).stem}-files")


def _no_workspace() -> UsageError:
    return UsageError(
        "没有自己的工作空间，内置示范数据不能写入；请先执行：zoning init office，再在本命令后加上：--workspace office",
        "there is no workspace of your own, and the built-in one cannot be written; run: zoning init office, then add "
        "to this command: --workspace office",
    )


def _file_of(request: ServeRequest, root: Path) -> "tuple[ServerFile, Path]":
    from zoning.web.settings_file import NAME, ServerFile, read_server_file

    path = request.config or root / NAME
    if request.config is None and not path.exists():
        return ServerFile(), root
    return read_server_file(path), path.absolute().parent


def _public_url(request: ServeRequest) -> str | None:
    from zoning.web.settings_file import public_address

    if request.public_url is None:
        return None
    try:
        return public_address(request.public_url)
    except Mistake as mistake:
        raise UsageError(f"--public-url：{mistake.text.zh}", f"--public-url: {mistake.text.en}") from mistake


def _tls(request: ServeRequest) -> tuple[Path, Path] | None:
    if request.tls_cert is None and request.tls_key is None:
        return None
    if request.tls_cert is None or request.tls_key is None:
        raise UsageError("--tls-cert 与 --tls-key 须同时给出", "--tls-cert and --tls-key go together")
    return request.tls_cert, request.tls_key
