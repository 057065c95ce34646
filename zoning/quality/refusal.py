"""`--on-invalid refuse`: a footprint that would have to be repaired is refused, with its first fault and its place."""

from collections.abc import Iterable

from zoning.errors import SiteError
from zoning.quality.faults import Fault, spelled
from zoning.quality.site_quality import drawn
from zoning.sites.site import Site


def refuse_invalid(sites: Iterable[Site]) -> None:
    """Do nothing when no footprint has a fault of severity `error`.

    Raises
    ------
    SiteError
        Naming the first footprint that has one, the fault with its place, and how many more there are.
    """
    for site in sites:
        shape = drawn(site)
        wrong = [fault for fault in shape.faults if fault.severity == "error"]
        if wrong:
            raise _refusal(site, wrong[0], sum(shape.counts[kind] for kind in {fault.kind for fault in wrong}) - 1)


def _refusal(site: Site, fault: Fault, more: int) -> SiteError:
    place = spelled(fault.places[0]) if fault.places else None
    at_zh, at_en = (f"（{place.zh}）", f" ({place.en})") if place else ("", "")
    more_zh, more_en = (f"；另有 {more} 处错误", f"; {more} more errors") if more else ("", "")
    return SiteError(
        f"{site.source}：地块“{site.name}”图形有错：{fault.text.zh}{at_zh}{more_zh}；按 --on-invalid refuse 不予修复，"
        "请改正后重新导出，用 zoning inspect 可查看全部问题和图",
        f"{site.source}: footprint '{site.name}' is invalid: {fault.text.en}{at_en}{more_en}; with --on-invalid refuse "
        "nothing is repaired: correct it and export it again, zoning inspect shows all faults",
    )
