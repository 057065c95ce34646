"""The command `zoning`: parse, call one plain function, print, exit code.

Only this package and the web page read the clock, the environment and the current folder. Nothing heavy is imported
before a command runs, so that `zoning --help` answers at once.
"""

import errno
import gc
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from zoning.errors import ContentError, ZoningError, os_reason
from zoning.foreign_proj import unset_foreign_proj
from zoning.texts import Language, Text

INTERRUPTED = 130
READER_LEFT = 141
"""As shells count it (128 + SIGPIPE): what is left unread must never look like `permitted`."""
FAULT = 70
_YOUNG_OBJECTS = 50_000
_NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)
_INTERRUPTED = Text("zoning: 已中断\n", "zoning: interrupted\n")
_NOT_WRITTEN = Text("标准输出写入失败：", "standard output cannot be written: ")


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    os.environ.setdefault("GDAL_HTTP_MAX_RETRY", "0")
    # Workbooks of strangers are read by the one XML parser that was tried with hostile ones.
    os.environ.setdefault("OPENPYXL_LXML", "False")
    # Threads for matrices that nobody multiplies, and a search for garbage among modules: a tenth of a start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_YOUNG_OBJECTS)
    taken = unset_foreign_proj(os.environ)
    # Python has no stream at all where the caller has closed it (`>&-`).
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)

    from zoning.cli.language import language_of
    from zoning.cli.temporary_files import sweep, temporary_files_of_this_run

    language = language_of(sys.argv[1:], os.environ)
    with temporary_files_of_this_run() as folder:
        _leave_at_once_when_interrupted(language, folder)
        if folder is not None:
            sweep(folder.parent)
        code = _run(language, taken)
        _let_the_answer_stand()
    sys.exit(code)


def run_arguments(arguments: Sequence[str], language: Language) -> int:
    """Run one command in this process and return its exit code; for workers that have imported everything already."""
    from zoning.cli.options import SESSION

    SESSION.language = language
    sys.argv = ["zoning", *arguments]
    return _run(language, {})


def _leave_at_once_when_interrupted(language: Language, folder: Path | None) -> None:
    # Libraries in C print or swallow a KeyboardInterrupt; files are written whole or not at all, so nothing is lost.
    def leave(_number: int, _frame: object) -> NoReturn:
        os.write(2, _INTERRUPTED.get(language).encode("utf-8"))
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(INTERRUPTED)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)


def _let_the_answer_stand() -> None:
    # All is written and said; Python gives its handlers back while it ends, and a late Ctrl-C would turn the exit code
    # of a finished run into that of a killed one.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _run(language: Language, taken: Mapping[str, str]) -> int:
    try:
        code = _call(taken)
        sys.stdout.flush()
    except ZoningError as error:
        sys.stderr.write(f"zoning: {error.get(language)}\n")
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe has left (`zoning check ... | head`): nobody is there to be told.
        _silence_stdout()
        return READER_LEFT
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            _silence_stdout()
            sys.stderr.write(f"zoning: {_NOT_WRITTEN.get(language)}{os_reason(error).get(language)}\n")
            return ContentError.exit_code
        if os.environ.get("ZONING_DEBUG"):
            raise
        sys.stderr.write(_fault(error, language))
        return FAULT
    return code


def _call(taken: Mapping[str, str]) -> int:
    from zoning.cli.app import app
    from zoning.cli.options import SESSION

    SESSION.foreign_proj = taken
    stdout = sys.stdout
    try:
        app(prog_name="zoning")
    except SystemExit as leave:
        # Typer puts a silent stream in the place of a broken pipe, and leaves with the code of `prohibited`.
        if sys.stdout is not stdout:
            sys.stdout = stdout
            raise BrokenPipeError from leave
        return leave.code if isinstance(leave.code, int) else 0
    return 0


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _silence_stdout() -> None:
    # What is still in the buffer must not raise once more when the program ends.
    with _nowhere() as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


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
            f"zoning: 程序内部错误（{kind}：{error}）；运行在此中止，尚未写出的没有结论。"
            "设置 ZONING_DEBUG=1 重新运行可看到细节，请报告。\n"
        )
    return (
        f"zoning: a fault of the program ({kind}: {error}); the run ended here, what is not written yet has no "
        "verdict. ZONING_DEBUG=1 shows the details; please report it.\n"
    )
