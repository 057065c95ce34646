"""`zoning serve`: the workbench for an office."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from zoning.cli.session import Session
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class ServeRequest:
    """The options of the command."""

    workspace: Path | None
    host: str = "127.0.0.1"
    port: int = 8010
    processes: int | None = None


def run_serve(session: Session, request: ServeRequest) -> int:
    """Serve until interrupted."""
    import uvicorn

    from zoning.cli.warm import WarmCommands
    from zoning.registers.store import open_store
    from zoning.registers.types import read_register_types
    from zoning.web.app import create_app
    from zoning.web.server import Server
    from zoning.web.settings import ServerSettings
    from zoning.web.workers.pool import Pool

    workspace = session.open_workspace(request.workspace)
    root = workspace.root
    home = root / "server"
    home.mkdir(exist_ok=True)
    settings = ServerSettings(
        workspace=root,
        register=str(root / "register.sqlite"),
        files=root / "register-files",
        state=home,
        host=request.host,
        port=request.port,
        processes=request.processes or os.cpu_count() or 1,
        language=session.language,
    )
    store = open_store(settings.register, read_register_types(root), create=True, files=settings.files)
    pool = Pool(root, WarmCommands(), size=settings.processes)

    def reopen():  # type: ignore[no-untyped-def]
        opened = session.open_workspace(root)
        return opened, session.source(opened)

    server = Server(settings, store, pool, workspace, session.source(workspace), reopen)
    session.say(Text(f"打开 http://{request.host}:{request.port}/", f"open http://{request.host}:{request.port}/"))
    uvicorn.run(create_app(server), host=request.host, port=request.port, log_level="warning", access_log=False)
    sys.stderr.flush()
    return 0
