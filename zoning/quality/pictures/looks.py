"""Colours and sizes of the pictures, in one place; points unless said otherwise."""

from zoning.quality.kinds import Severity

PAPER, PANEL = "#FFFFFF", "#F8F7F2"
INK, QUIET, GRID = "#1A1A1A", "#6B6B6B", "#DFDCD2"
FILL, OUTLINE, HOLE = "#D3DFEA", "#111111", "#8A8F96"
BEFORE = "#C2410C"
SHARED = "#C8102E"
SEVERITY: dict[Severity, str] = {"error": "#C8102E", "warning": "#A86400", "note": "#3D6A96"}
STATUS_SIGN: dict[Severity, str] = {"error": "×", "warning": "!", "note": "i"}

OUTLINE_WIDTH, BEFORE_WIDTH = 1.5, 1.1
DASHES = (0, (4, 2.5))
MARK_RADIUS = 7.0
TITLE, HEAD, BODY, SMALL, TINY = 14.0, 9.5, 8.0, 7.0, 6.2
