"""The command `zoning`: parse, call one plain function, print, exit code.

Only this package and the web page read the clock, the environment and the current folder. Nothing heavy is imported
before a command runs, so that `zoning --help` answers at once.
"""

import os
import sys
from typing import NoReturn

from zoning.errors import ZoningError
from zoning.foreign_proj import unset_foreign_proj

INTERRUPTED = 130
FAULT = 70


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    os.environ.setdefault("GDAL_HTTP_MAX_RETRY", "0")
    taken = unset_foreign_proj(os.environ)
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)

    from zoning.cli.language import language_of

    language = language_of(sys.argv[1:], os.environ)
    try:
        from zoning.cli.app import SESSION, app

        SESSION.foreign_proj = taken
        app(prog_name="zoning")
    except ZoningError as error:
        sys.stderr.write(f"zoning: {error.get(language)}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("zoning: 已中断\n" if language == "zh" else "zoning: interrupted\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of a pipe has left (`zoning check ... | head`): nobody is there to be told.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        sys.exit(0)
    except Exception as error:
        if os.environ.get("ZONING_DEBUG"):
            raise
        sys.stderr.write(_fault(error, language))
        sys.exit(FAULT)
    sys.exit(0)


def _speak_utf8(stream: object) -> None:
    # Under LC_ALL=C or a GBK console a single ² would end the program with an error.
    reconfigure = getattr(stream, "reconfigure", None)
    encoding = (getattr(stream, "encoding", "") or "").lower().replace("-", "")
    if reconfigure is None:
        return
    if encoding in ("ascii", "ansi_x3.41968", "usascii", "latin1", "iso88591"):
        reconfigure(encoding="utf-8", errors="backslashreplace")
    else:
        reconfigure(errors="backslashreplace")


def _fault(error: Exception, language: str) -> str:
    kind = type(error).__name__
    if language == "zh":
        return (
            f"zoning: 程序内部错误（{kind}：{error}）；没有写出结论。设置 ZONING_DEBUG=1 重新运行可看到细节，请报告。\n"
        )
    return (
        f"zoning: a fault of the program ({kind}: {error}); no verdict was written. "
        "ZONING_DEBUG=1 shows the details; please report it.\n"
    )
