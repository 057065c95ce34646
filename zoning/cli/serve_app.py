"""`zoning serve` and `zoning account`: their options."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.account_app import account_app
from zoning.cli.options import SESSION, Lang, Workspace, t
from zoning.cli.serve_options import Config, Files, Register


def add_serve(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(account_app, name="account")

    @app.command(help=t("启动办公室工作台（网页与接口）", "start the workbench of an office (pages and interfaces)"))
    def serve(  # noqa: PLR0913, PLR0917 - the options of the contract
        workspace: Workspace = None,
        config: Config = None,
        host: Annotated[
            str | None, typer.Option("--host", help=t("监听地址（默认 127.0.0.1）", "address to listen on (127.0.0.1)"))
        ] = None,
        port: Annotated[
            int | None, typer.Option("--port", min=0, max=65535, help=t("端口（默认 8010）", "port (8010)"))
        ] = None,
        register: Register = None,
        files: Files = None,
        public_url: Annotated[
            str | None,
            typer.Option("--public-url", metavar="URL", help=t("用户输入的地址", "the address that users type")),
        ] = None,
        tls_cert: Annotated[
            Path | None, typer.Option("--tls-cert", metavar="FILE", help=t("证书（PEM）", "certificate (PEM)"))
        ] = None,
        tls_key: Annotated[
            Path | None, typer.Option("--tls-key", metavar="FILE", help=t("私钥（PEM）", "its key (PEM)"))
        ] = None,
        trusted_proxy: Annotated[
            list[str] | None,
            typer.Option(
                "--trusted-proxy",
                metavar="ADDR",
                help=t("HTTPS 代理的地址，可重复", "address of the HTTPS proxy in front; may be repeated"),
            ),
        ] = None,
        processes: Annotated[
            int | None,
            typer.Option(
                "--processes", min=1, help=t("同时检查的进程数（默认核数）", "checks at the same time (cores)")
            ),
        ] = None,
        lang: Lang = None,  # noqa: ARG001 - read before the help is built
    ) -> None:
        """Serve."""
        from zoning.cli.serve import ServeRequest, run_serve

        proxies = tuple(trusted_proxy or ())
        request = ServeRequest(
            workspace, config, host, port, register, files, public_url, tls_cert, tls_key, proxies, processes
        )
        raise typer.Exit(run_serve(SESSION, request))
