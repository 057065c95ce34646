"""`zoning register as-layer`: writes the file of an edition and shows the lines that make it part of the layer."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.register_opening import opened
from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.layers.catalogue import Layer
    from zoning.registers.ledger.as_layer import MadeEdition


@dataclass(frozen=True, slots=True)
class AsLayerRequest:
    """The options of one edition."""

    complete: tuple[str, ...]
    edition: str | None = None
    valid_from: date | None = None
    overwrite: bool = False


def run_as_layer(session: Session, request: AsLayerRequest, where: RegisterRequest) -> int:
    """Write the file into the workspace and print the lines for its YAML; return the exit code.

    Raises
    ------
    UsageError
        When there is no workspace to write into, no register, the kind becomes no layer, or the workspace has no such
        layer.
    ContentError
        When a record has no place in the layer, the edition contradicts it, or the file exists and may not be replaced,
        or cannot be written.
    """
    from zoning.atomic_write import write_whole
    from zoning.registers.ledger.as_layer import EditionOrder, make_edition

    _refuse_builtin(session, where)
    workspace = session.open_workspace(where.workspace)
    valid_from = request.valid_from or session.today()
    with opened(session, where) as found:
        kind = found.kind
        name = kind.as_layer.layer if kind.as_layer is not None else ""
        layer = workspace.catalogue.layers.get(name)
        if kind.as_layer is None:
            raise UsageError(
                f"台账类型 {kind.id} 没有写 as_layer，不能成为图层",
                f"the kind {kind.id} has no 'as_layer': it cannot become a layer",
            )
        if layer is None:
            raise UsageError(f"工作空间没有图层“{name}”", f"the workspace has no layer '{name}'")
        order = EditionOrder(request.edition or valid_from.isoformat(), valid_from, request.complete)
        made = make_edition(kind, layer, list(found.register.records()), order)
    path = workspace.root / "layers" / made.file
    if path.exists() and not request.overwrite:
        raise ContentError(
            f"{path}：文件已存在；请用 --edition 换一个版本名，或用 --overwrite 覆盖",
            f"{path}: the file exists; name another edition with --edition, or write over it with --overwrite",
        )
    write_whole(path, made.content, over=request.overwrite)
    _tell(session, request, workspace.root, workspace.catalogue.layers[name], path, made)
    return 0


def _refuse_builtin(session: Session, where: RegisterRequest) -> None:
    """Refuse to write into the workspace of the program where it was taken for want of another."""
    from zoning.workspace import find_workspace

    _, is_fallback = find_workspace(where.workspace, session.environ, Path.cwd())
    if is_fallback:
        raise UsageError(
            "没有工作空间可写入；先用 zoning init 新建一个，再用 --workspace 指明",
            "there is no workspace to write into: make one with zoning init and name it with --workspace",
        )


def _tell(
    session: Session, request: AsLayerRequest, root: Path, layer: "Layer", path: Path, made: "MadeEdition"
) -> None:
    comma = "、" if session.language == "zh" else ", "
    counted = comma.join(
        f"{layer.classes[name].title.get(session.language)} {count}" for name, count in made.zones.items()
    )
    total = sum(made.zones.values())
    session.say(
        Text(
            f"已写出 {path}：{total} 个区（{counted or '—'}）；另有 {made.left_out} 条记录不属于图层的任何类别",
            f"written {path}: {total} zones ({counted or '-'}); {made.left_out} further records belong to no class of "
            "the layer",
        )
    )
    before = {code for edition in layer.editions.values() for code in (edition.coverage or layer.coverage).territories}
    lost = sorted(before - set(request.complete))
    if lost:
        session.say(
            Text(
                f"注意：自这一版本生效起，{'、'.join(lost)} 没有数据（回答“数据缺失，未核查”）",
                f"mind: from the first day of this edition the answer for {', '.join(lost)} is 'no data'",
            )
        )
    if layer.schematic:
        session.say(
            Text(
                f"注意：图层 {layer.id} 写着 schematic: true；全部改用台账后请核对 schematic、accuracy_m 和 source",
                f"mind: layer {layer.id} says 'schematic: true'; check schematic, accuracy_m and source when its data "
                "come from the register",
            )
        )
    yaml = root / "layers" / f"{layer.id}.yaml"
    session.say(
        Text(
            f"请把下面各行并入 {yaml} 的 editions（程序不改写手写的文件）：",
            f"add these lines to 'editions' of {yaml} (files written by hand are not changed):",
        )
    )
    sys.stdout.write(made.lines)
