"""All commands with their options; each one calls one plain function and leaves with the exit code that it returns.

What a command needs is imported when it runs: `zoning --help` must answer at once.
"""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.advise_app import add_advise
from zoning.cli.atlas import add_atlas
from zoning.cli.backup_app import backup_app
from zoning.cli.batch_app import add_batch
from zoning.cli.compare_app import add_compare
from zoning.cli.intake import Intake, takes_intake
from zoning.cli.map_app import add_map
from zoning.cli.mines_app import mines_app
from zoning.cli.options import (
    SESSION,
    Facts,
    Format,
    Lang,
    On,
    Out,
    OutputFormat,
    Overwrite,
    Sets,
    SiteFile,
    Workspace,
    t,
)
from zoning.cli.plan_app import plan_app
from zoning.cli.register_app import register_app
from zoning.cli.report_app import add_report
from zoning.cli.rules_app import rules_app
from zoning.cli.serve_app import add_serve
from zoning.exchange.target import Encoding, Target
from zoning.version import __version__

app = typer.Typer(
    name="zoning",
    help=t(
        "检查项目地块是否触及生态保护红线、自然保护地、饮用水源、泉域、基本农田等管控区；依据文件给出初步研判。",
        "Check whether a project site touches the ecological red line, reserves, water zones, springs, farmland ...; "
        "a preliminary verdict with reasons.",
    ),
    epilog=t(
        "退出码：0 通过或完成，1 不通过或受限（inspect：图形有错），2 用法错误，3 待补充信息或数据缺失，"
        "10 内容错误，11 图层不可读，12 坐标系问题。",
        "Exit codes: 0 permitted or done, 1 prohibited or restricted (inspect: wrong geometry), 2 wrong usage, "
        "3 undetermined or no data, 10 content error, 11 layer unreadable, 12 coordinate system.",
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    # --force is what --overwrite was called before 1.0.
    context_settings={
        "help_option_names": ["-h", "--help"],
        "token_normalize_func": lambda word: "overwrite" if word == "force" else word,
    },
)


def _say_version(asked: bool) -> None:  # noqa: FBT001 - Typer calls it with the value alone
    if asked:
        typer.echo(f"zoning {__version__}")
        raise typer.Exit


@app.callback()
def before_a_command(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help=t("版本", "the version"))
    ] = False,
) -> None:
    """Take the options that stand before a command."""


layers_app = typer.Typer(
    help=t("工作空间的图层：列出、说明、核查、预处理", "the layers of the workspace: list, describe, check, prepare"),
    no_args_is_help=True,
)
app.add_typer(layers_app, name="layers")
app.add_typer(rules_app, name="rules")
app.add_typer(plan_app, name="plan")
app.add_typer(register_app, name="register")
app.add_typer(mines_app, name="mines")
app.add_typer(backup_app, name="backup")


@app.command(help=t("检查边界文件：每个地块一个研判结论", "check a boundary file: one verdict per footprint"))
@takes_intake
def check(  # noqa: PLR0913, PLR0917 - the options of the contract
    site: Annotated[Path | None, typer.Argument(metavar="SITE", help=t("边界文件", "boundary file"))] = None,
    facts: Facts = None,
    sets: Sets = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help=t("把 JSON 和地图写到此文件夹", "write JSON and maps to this folder")
        ),
    ] = None,
    explain: Annotated[  # noqa: FBT002 - a flag
        bool, typer.Option("--explain", help=t("逐条说明每条规则怎样判定", "explain how every rule was decided"))
    ] = False,
    replay: Annotated[
        Path | None,
        typer.Option(
            "--replay",
            metavar="VERDICT",
            help=t("按已有结论重新运行并说明差异", "run a verdict again; say what differs"),
        ),
    ] = None,
    *,
    intake: Intake,
) -> None:
    """Check a boundary file."""
    from zoning.cli.check import CheckRequest, run_check, run_replay

    as_json = output is OutputFormat.json
    if replay is not None:
        raise typer.Exit(run_replay(SESSION, replay, workspace, as_json=as_json))
    request = CheckRequest(site, facts, tuple(sets or ()), on, workspace, intake, out, explain)
    raise typer.Exit(run_check(SESSION, request, as_json=as_json))


add_batch(app)
add_advise(app)
add_compare(app)
add_map(app)
add_atlas(app)
add_report(app)
add_serve(app)


@app.command(
    help=t(
        "把边界文件写成另一种格式：坐标 TXT、GeoJSON、GeoPackage、Shapefile、KML、WKT、CSV、DXF",
        "write a boundary file in another format: coordinate TXT, GeoJSON, GeoPackage, Shapefile, KML, WKT, CSV, DXF",
    )
)
@takes_intake
def convert(  # noqa: PLR0913, PLR0917 - the options of the contract
    site: SiteFile,
    target: Annotated[Target, typer.Option("--to", help=t("写成哪种格式", "which format to write"))],
    zone: Annotated[
        str, typer.Option("--zone", metavar="ZONE", help=t("3 度带带号，auto 为自动", "3° zone, or auto"))
    ] = "auto",
    to_crs: Annotated[
        str | None,
        typer.Option("--to-crs", metavar="EPSG:N", help=t("写出的坐标系，代替带号", "system to write, not a zone")),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help=t("写到此文件（默认同名，当前文件夹）", "file to write")),
    ] = None,
    encoding_out: Annotated[
        Encoding | None,
        typer.Option(
            "--encoding-out",
            case_sensitive=False,
            help=t("txt、shp、csv 的文字编码（默认 GBK，csv 为 UTF-8）", "encoding of txt, shp (GBK), csv (UTF-8)"),
        ),
    ] = None,
    overwrite: Overwrite = False,  # noqa: FBT002 - a flag
    workspace: Workspace = None,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    *,
    intake: Intake,
) -> None:
    """Write a boundary file in another format."""
    from zoning.cli.convert import ConvertRequest, run_convert

    request = ConvertRequest(site, target, workspace, intake, zone, to_crs, encoding_out, out, overwrite)
    raise typer.Exit(run_convert(SESSION, request))


@app.command(
    help=t(
        "查看边界文件读到了什么、哪里有错、修复改变了多少，并画图",
        "what a boundary file holds, what is wrong with it, what its repair changed; with a picture",
    )
)
@takes_intake
def inspect(
    site: SiteFile,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR|FILE",
            help=t("把图写到文件夹，或一个 .png、.html 文件", "draw it into a folder, or as one .png or .html file"),
        ),
    ] = None,
    *,
    intake: Intake,
) -> None:
    """Report on the quality of a boundary file."""
    from zoning.cli.inspect import InspectRequest, run_inspect

    request = InspectRequest(site, workspace, intake, out)
    raise typer.Exit(run_inspect(SESSION, request, as_json=output is OutputFormat.json))


@layers_app.command(name="list", help=t("列出全部图层", "list all layers"))
def layers_list(
    workspace: Workspace = None,
    on: On = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """List all layers."""
    from zoning.cli.layers import list_layers

    raise typer.Exit(list_layers(SESSION, workspace, on, as_json=output is OutputFormat.json))


@layers_app.command(name="describe", help=t("说明一个图层", "describe one layer"))
def layers_describe(
    name: Annotated[str, typer.Argument(metavar="LAYER", help=t("图层名", "id of the layer"))],
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Describe one layer."""
    from zoning.cli.layers import describe_layer

    raise typer.Exit(describe_layer(SESSION, workspace, name, as_json=output is OutputFormat.json))


@layers_app.command(name="check", help=t("读取全部图层文件，报告问题", "read all layer files and report what is wrong"))
def layers_check(workspace: Workspace = None, on: On = None, lang: Lang = None) -> None:  # noqa: ARG001 - read before the help is built
    """Read all layer files."""
    from zoning.cli.layers import check_layers

    raise typer.Exit(check_layers(SESSION, workspace, on))


@layers_app.command(
    name="prepare",
    help=t(
        "预处理图层：换算到量算平面并建好索引，之后核查无须重读图层文件；结论不因此而变",
        "prepare layers: bring them into the measuring plane with an index, so that checks need not read the layer "
        "files again; no answer depends on it",
    ),
)
def layers_prepare(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="LAYER", help=t("图层名（默认全部）", "ids of layers (all)"))
    ] = None,
    workspace: Workspace = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DATE",
            help=t("只预处理这一天有效的版本（默认全部版本）", "only the editions valid on this day (all editions)"),
        ),
    ] = None,
    verify: Annotated[  # noqa: FBT002 - a flag
        bool,
        typer.Option(
            "--verify",
            help=t("逐字节核对图层文件和预处理图层，损坏的重建", "read sources and prepared layers in full; rebuild"),
        ),
    ] = False,
    listed: Annotated[  # noqa: FBT002 - a flag
        bool, typer.Option("--list", help=t("只列出预处理图层及其状态", "only list what is prepared, and its state"))
    ] = False,
    clear: Annotated[bool, typer.Option("--clear", help=t("删除全部预处理图层", "remove all prepared layers"))] = False,  # noqa: FBT002 - a flag
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Prepare layers."""
    from zoning.cli.prepare import PrepareRequest, run_prepare

    request = PrepareRequest(tuple(names or ()), workspace, on, verify, listed, clear)
    raise typer.Exit(run_prepare(SESSION, request, as_json=output is OutputFormat.json))


@app.command(
    help=t(
        "新建工作空间：复制内置内容到一个空文件夹", "make a workspace: copy the built-in content into an empty folder"
    )
)
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=t("新文件夹", "new folder"))],
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Make a workspace."""
    from zoning.cli.start import init_workspace

    raise typer.Exit(init_workspace(SESSION, folder))


@app.command(
    help=t(
        "打印 JSON Schema（verdict、inspection、advice、selection、indicators）",
        "print a JSON Schema (verdict, inspection, advice, selection, indicators)",
    )
)
def schema(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=t("名称，如 verdict", "name, such as verdict"))
    ] = "verdict",
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Print a schema."""
    from zoning.cli.start import print_schema

    raise typer.Exit(print_schema(name))


@app.command(help=t("检查随附的示例文件，写出地图和结论", "check the example files; write maps and verdicts"))
def demo(out: Out = Path("out"), lang: Lang = None) -> None:  # noqa: ARG001 - read before the help is built
    """Check the example files."""
    from zoning.cli.demo import run_demo

    raise typer.Exit(run_demo(SESSION, out))


@app.command(help=t("检查安装：版本、字体、坐标转换数据", "examine the installation: versions, fonts, PROJ data"))
def doctor(lang: Lang = None) -> None:  # noqa: ARG001 - read before the help is built
    """Examine the installation."""
    from zoning.cli.start import run_doctor

    raise typer.Exit(run_doctor(SESSION))
