"""The files beside a boundary file that belong to it: drivers open them by name, whatever they are."""

from pathlib import Path

from zoning.sites.formats.kinds import Kind
from zoning.sites.limits import Limits
from zoning.sites.where import Where

_BESIDE = (Kind.SHAPEFILE, Kind.MAPINFO_TAB, Kind.MAPINFO_MIF)


def check_neighbours(path: Path, kind: Kind, limits: Limits) -> None:
    """Refuse pipes and devices of the same name beside a file of several parts, and parts that are too large.

    Raises
    ------
    SiteError
        Where a driver would wait for ever, or read without end.
    """
    if kind not in _BESIDE:
        return
    where, stem = Where(path.name), path.stem.lower()
    size = 0
    for beside in path.absolute().parent.iterdir():
        if beside.stem.lower() != stem and not beside.name.lower().startswith(f"{stem}."):
            continue
        if beside.is_dir():
            continue
        if not beside.is_file():
            raise where.error(
                f"旁边的 {beside.name} 不是普通文件；请把组成它的各文件单独放在一个文件夹中",
                f"{beside.name} beside it is not a regular file; put the files it consists of into a folder of their "
                "own",
            )
        size += beside.stat().st_size
    if size > limits.file_bytes:
        big, allowed = size / 1e6, limits.file_bytes / 1e6
        raise where.error(
            f"与旁边的同名文件共有 {big:.1f} MB，超过上限 {allowed:.0f} MB；请只导出项目范围，"
            "或用 --limit file_bytes=… 提高上限",
            f"with the files of the same name beside it it has {big:.1f} MB, more than the allowed {allowed:.0f} MB; "
            "export the footprint alone, or raise the limit with --limit file_bytes=…",
        )
