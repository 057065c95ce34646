"""`zoning serve` and `zoning account`: their options."""

from typing import Annotated

import typer

from zoning.cli.options import SESSION, Lang, Workspace, t


def add_serve(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command(help=t("启动办公室工作台（网页与接口）", "start the workbench of an office (pages and interfaces)"))
    def serve(
        workspace: Workspace = None,
        host: Annotated[str, typer.Option("--host", help=t("监听地址", "address to listen on"))] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", help=t("端口", "port"))] = 8010,
        processes: Annotated[
            int | None, typer.Option("--processes", help=t("同时检查的进程数", "checks at the same time"))
        ] = None,
        lang: Lang = None,  # noqa: ARG001 - read before the help is built
    ) -> None:
        """Serve."""
        from zoning.cli.serve import ServeRequest, run_serve

        raise typer.Exit(run_serve(SESSION, ServeRequest(workspace, host, port, processes)))
