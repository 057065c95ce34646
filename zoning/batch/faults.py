"""What became of a footprint whose computation went wrong: the sentence of its row."""

from typing import TYPE_CHECKING

from zoning.errors import ZoningError

if TYPE_CHECKING:
    from zoning.sites.site import Site


class FaultError(ZoningError):
    """The program met a fault of its own at one footprint."""

    exit_code = 70
    http_status = 500


class ProcessEndedError(ZoningError):
    """The computation of one footprint ended its process."""

    exit_code = 70
    http_status = 500


def fault_of(site: "Site", error: Exception) -> FaultError:
    """Return the sentence for a footprint at which the program failed."""
    kind = f"{type(error).__name__}: {error}"[:300]
    return FaultError(
        f"{site.source}：地块“{site.name}”研判时程序内部错误（{kind}）；没有结论，请用 zoning check 单独研判并报告",
        f"{site.source}: a fault of the program at footprint '{site.name}' ({kind}); it has no verdict: "
        "check it alone with zoning check, and report it",
    )


def process_ended(site: "Site") -> ProcessEndedError:
    """Return the sentence for a footprint whose computation ended the process, twice."""
    return ProcessEndedError(
        f"{site.source}：地块“{site.name}”的计算使进程中止（多为内存不足）；没有结论，"
        "请在内存更大的机器上用 zoning check 单独研判",
        f"{site.source}: the computation of footprint '{site.name}' ended the process (mostly for want of memory); "
        "it has no verdict: check it alone with zoning check, on a machine with more memory",
    )
