"""Blocks put into the drawing: counted before any copy is made, then drawn out with their transformations."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from zoning.sites.cad.curves import Array
from zoning.sites.cad.entities import NO_PLACE
from zoning.sites.cad.shapes import Block, Entity, Insert, Mark, Note, Path, Unread
from zoning.sites.cad.tags import LARGEST
from zoning.sites.limits import Tally
from zoning.sites.where import Where

_OF_THE_INSERT = b"0"
_ALWAYS_ALLOWED, _MOST_TIMES = 10_000, 20
"""A drawing may stand for that many times what it lists: symbols repeat, boundaries do not."""


@dataclass(slots=True)
class Drawn:
    """A drawing without blocks.

    Attributes
    ----------
    external
        Names of the drawings that are only referred to.
    """

    paths: list[Path] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    external: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Visit:
    """How a block is reached: through which blocks, with which transformation, on which layer."""

    matrix: Array
    layer: bytes | None
    hidden: bool
    symbol_at: Array | None
    copy: int


class Blocks:
    """Draws the blocks of one file out.

    Parameters
    ----------
    name
        Decodes the name of a block; names differ in case only by mistake.
    veiled, frozen
        Tell of a layer whether its entities are not shown, and whether blocks on it are not shown as a whole.
    """

    def __init__(
        self,
        blocks: Iterable[Block],
        name: Callable[[bytes], str],
        veiled: Callable[[bytes], bool],
        frozen: Callable[[bytes], bool],
        tally: Tally,
        where: Where,
    ) -> None:
        self._name, self._veiled, self._frozen, self._tally, self._where = name, veiled, frozen, tally, where
        self._blocks: dict[str, Block] = {}
        for block in blocks:
            if self._blocks.setdefault(self._key(block.name), block) is not block and block.entities:
                raise where.error(
                    f"块 {name(block.name)} 定义了两次；请在 CAD 中检查（AUDIT）后重新导出",
                    f"the block {name(block.name)} is defined twice; check the drawing (AUDIT) and export it again",
                )
        self._sizes: dict[str, int] = {}
        self._listed = sum(len(block.entities) for block in self._blocks.values())
        self._copies = 0

    def drawn(self, entities: Iterable[Entity]) -> Drawn:
        """Return all that the entities draw.

        Raises
        ------
        SiteError
            When blocks contain themselves, are nested too deeply or multiply beyond the limits.
        """
        listed = list(entities)
        count = sum(self._size(e, ()) for e in listed if isinstance(e, Insert))
        allowed = max(_ALWAYS_ALLOWED, _MOST_TIMES * (len(listed) + self._listed))
        if count > allowed:
            raise self._where.error(
                f"图块和阵列展开后有 {count} 个图形，超过允许的 {allowed} 个；请分解（EXPLODE）并只保留边界后重新导出",
                f"blocks and arrays stand for {count} entities, more than the allowed {allowed}; explode them, keep "
                "the boundary alone and export the drawing again",
            )
        self._tally.count("parts", count, self._where)
        drawn = Drawn()
        plain = _Visit(np.eye(4), None, hidden=False, symbol_at=None, copy=0)
        for entity in listed:
            self._draw(entity, plain, drawn)
        return drawn

    def _key(self, name: bytes) -> str:
        return self._name(name).casefold()

    def _size(self, insert: Insert, inside: tuple[str, ...]) -> int:
        """Return how many entities and blocks an insert stands for."""
        key = self._key(insert.block)
        if key in inside:
            raise self._where.error(
                f"块 {self._name(insert.block)} 引用了自身；请在 CAD 中改正后重新导出",
                f"the block {self._name(insert.block)} contains itself; correct the drawing and export it again",
            )
        if len(inside) >= self._tally.limits.nesting:
            raise self._where.error(
                f"块的嵌套超过 {self._tally.limits.nesting} 层；请分解（EXPLODE）后重新导出，"
                "或用 --limit nesting=… 提高上限",
                f"blocks are nested more than {self._tally.limits.nesting} deep; explode them and export the drawing "
                "again, or raise the limit with --limit nesting=…",
            )
        if key not in self._sizes:
            block = self._blocks.get(key)
            listed = [] if block is None else block.entities
            nested = (*inside, key)
            self._sizes[key] = 1 + sum(self._size(e, nested) if isinstance(e, Insert) else 1 for e in listed)
        return insert.rows * insert.columns * self._sizes[key]

    def _draw(self, entity: Entity, visit: _Visit, drawn: Drawn) -> None:
        mark = self._mark(entity.mark, visit)
        if isinstance(entity, Insert):
            self._insert(entity, mark, visit, drawn)
        elif isinstance(entity, Path):
            at = visit.symbol_at
            moved = replace(entity, mark=mark) if at is None else entity.moved(visit.matrix, mark, visit.copy, at)
            drawn.paths.append(moved)
        elif isinstance(entity, Unread):
            points = entity.points @ visit.matrix[:3, :3].T + visit.matrix[:3, 3]
            drawn.unread.append(replace(entity, mark=mark, points=points))
        elif visit.symbol_at is None and not mark.hidden:
            drawn.notes.append(entity)

    def _mark(self, mark: Mark, visit: _Visit) -> Mark:
        # What lies on layer 0 in a block takes the layer of the block.
        layer = visit.layer if visit.layer is not None and mark.layer == _OF_THE_INSERT else mark.layer
        hidden = mark.hidden or visit.hidden or self._veiled(layer)
        return mark if layer == mark.layer and hidden == mark.hidden else replace(mark, layer=layer, hidden=hidden)

    def _insert(self, insert: Insert, mark: Mark, visit: _Visit, drawn: Drawn) -> None:
        block = self._blocks.get(self._key(insert.block))
        if block is None or block.external:
            if block is not None:
                drawn.external.add(self._name(block.name))
            drawn.unread.append(Unread(replace(mark, kind="XREF" if block else "INSERT"), NO_PLACE))
            return
        # A frozen layer hides the whole block, one that is off hides only what takes its layer from the block.
        hidden = visit.hidden or insert.mark.hidden or self._frozen(mark.layer)
        whole = Drawn() if insert.clipped else drawn
        for row in range(insert.rows):
            for column in range(insert.columns):
                matrix = visit.matrix @ insert.matrix(block.base, row, column)
                self._check(matrix, insert)
                self._copies += 1
                at = matrix @ np.append(block.base, 1.0) if visit.symbol_at is None else visit.symbol_at
                inner = _Visit(matrix, mark.layer, hidden, at[:2], self._copies)
                for entity in block.entities:
                    self._draw(entity, inner, whole)
        if insert.clipped:
            self._leave_clipped(insert, whole, drawn)

    def _leave_clipped(self, insert: Insert, whole: Drawn, drawn: Drawn) -> None:
        """Mark the layers on which a part of the block is shown: which part is not read, and the whole is not meant."""
        drawn.external |= whole.external
        drawn.unread += whole.unread
        drawn.paths += [path for path in whole.paths if path.mark.hidden]
        for layer in dict.fromkeys(path.mark.layer for path in whole.paths if not path.mark.hidden):
            mark = replace(insert.mark, layer=layer, kind="XCLIP", hidden=False)
            drawn.unread.append(Unread(mark, NO_PLACE, clipped=self._name(insert.block)))

    def _check(self, matrix: Array, insert: Insert) -> None:
        """Refuse scales that multiply to more than numbers hold."""
        if not (np.abs(matrix) <= LARGEST).all():
            raise self._where.error(
                f"块 {self._name(insert.block)} 的插入比例或位置不可能；请在 CAD 中检查（AUDIT）后重新导出",
                f"the scale or place of the block {self._name(insert.block)} is impossible; check the drawing (AUDIT) "
                "and export it again",
            )


def visibility(
    layers: Mapping[str, tuple[bool, bool]], name: Callable[[bytes], str]
) -> tuple[Callable[[bytes], bool], Callable[[bytes], bool]]:
    """Return the two functions that tell whether a layer is not shown, and whether it is frozen.

    Parameters
    ----------
    layers
        By folded name: frozen, off.
    """

    def veiled(layer: bytes) -> bool:
        return any(layers.get(name(layer).casefold(), (False, False)))

    def frozen(layer: bytes) -> bool:
        return layers.get(name(layer).casefold(), (False, False))[0]

    return veiled, frozen
