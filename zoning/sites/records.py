"""From the drawings of one record to its raw footprint: counted against the limits, put together, given a width."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import shapely

from zoning.errors import TangledError, ZoningError
from zoning.sites.drawing import Drawing
from zoning.sites.footprint_geometry import assemble
from zoning.sites.limits import Options
from zoning.sites.raw import Fault, RawSite
from zoning.sites.where import Where


def raw_site(
    drawings: list[Drawing], where: Where, options: Options, *, width_m: float | None = None, **fields: Any
) -> RawSite:
    """Return one record of a file.

    Parameters
    ----------
    where
        The record, for sentences.
    width_m
        Width or diameter that the file itself states; else that of the options.
    fields
        Further fields of `RawSite`; `repairs` and `warnings` come before those of the geometry.

    Raises
    ------
    SiteError
        When the limits are reached, or the drawings are no footprint.
    """
    options.tally.take(drawings, where)
    options.tally.take_texts(fields.get("attributes", {}), where)
    kinds = {drawing.kind for drawing in drawings}
    if width_m is None:
        width_m = options.diameter_m if kinds == {"point"} else options.width_m
    made = assemble(drawings, where=where, width_m=width_m, crossings=options.limits.crossings)
    thin = "polygon" not in kinds
    own: Mapping[str, Any] = {
        **fields,
        "repairs": (*fields.get("repairs", ()), *made.repairs),
        "warnings": (*fields.get("warnings", ()), *made.warnings),
    }
    return RawSite(where, made.geometry, width_m=width_m if thin else None, **own)


def site_or_fault(make: Callable[[], RawSite], where: Where, **labels: Any) -> RawSite | Fault:
    """Return the record that `make` puts together, or why it is none.

    Parameters
    ----------
    labels
        Further fields of `Fault`: what the record says of itself.
    """
    try:
        return make()
    except TangledError as error:
        known: ZoningError = Where(where.file).error_of(error.text)
        known.__cause__ = error
    except ZoningError as error:
        known = error
    except shapely.errors.ShapelyError as error:
        known = not_processed(Where(where.file))
        known.__cause__ = error
    return Fault(where, known, **labels)


@contextmanager
def in_words(where: Where) -> Iterator[None]:
    """Turn what libraries raise about a file into a sentence.

    Raises
    ------
    SiteError
        When a border is tangled, memory runs out, reading is interrupted, or a geometry cannot be processed.
    """
    try:
        yield
    except TangledError as error:
        raise where.error_of(error.text) from error
    except MemoryError as error:
        raise where.error(
            "内存不足，无法读取；请只导出项目范围", "there is not enough memory to read it; export the footprint alone"
        ) from error
    except OSError as error:
        raise where.error(
            "读取中断；请检查文件和磁盘后重试", "reading was interrupted; check the file and the disk, then try again"
        ) from error
    except shapely.errors.ShapelyError as error:
        raise not_processed(where) from error


def not_processed(where: Where) -> ZoningError:
    """Return the error about a geometry that the libraries stumble over."""
    return where.error(
        "图形无法处理；请检查自相交和重复的点后重新导出",
        "a geometry cannot be processed; check it for crossings and repeated points and export it again",
    )
