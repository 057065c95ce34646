"""Registers on the server for tests: mine parcels that lie somewhere, photos as cameras make them, workers in place."""

import io
import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import shapely
from PIL import Image

from security_world import signed
from web_world import Browser, World
from zoning.registers.entries import Change, Stamp
from zoning.registers.record import Value
from zoning.registers.register import Register
from zoning.texts import Language
from zoning.web.accounts.identity import COOKIE

MINES = "mine-parcels"
BASE = f"/parcels/{MINES}"
FIRST, SECOND = "140522-001", "140522-002"
CAMERA = "ZONINGCAM"
SETUP = Stamp("setup", datetime(2026, 3, 1, 1, 0, tzinfo=UTC))


def mines(office: World) -> Register:
    """Return the register of mine parcels."""
    return office.server.store.register(MINES)


def with_parcels(office: World) -> World:
    """Enter three parcels in two townships; the clock of the server stands on 2 March 2026, 9:00 in China."""
    office.server.clock = lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    changes = []
    for number, town in enumerate(("凤城镇", "北留镇", "凤城镇"), 1):
        west = 112.40 + number / 100
        values: dict[str, Value] = {"XZ": town, "tbmj": 1000.5 * number, "TBDL": "10", "TBXL": "11"}
        shape = shapely.box(west, 35.48, west + 0.003, 35.483)
        change = Change(f"140522-00{number}", f"{town}采石坑{number}", "140522", values, shape)
        changes.append(change)
    mines(office).apply(changes, SETUP)
    return office


def browser_of(office: World, name: str, *, language: Language = "zh") -> Browser:
    """Return the browser of somebody who is signed in; without the password, which takes its time."""
    browser, session = office.client(language=language), signed(office, name)
    browser.http.cookies.set(COOKIE, session.cookie)
    browser.csrf = session.csrf
    return browser


def personal_field(office: World) -> str:
    """Return the name of a field that is personal."""
    return next(name for name, spec in mines(office).type.fields.items() if spec.personal)


def photo(colour: str = "red", *, form: str = "JPEG") -> bytes:
    """Return a photo with the notes of a camera, its place among them."""
    notes = Image.Exif()
    notes[0x010F] = CAMERA
    place = notes.get_ifd(0x8825)
    place[1], place[2] = "N", (35.0, 29.0, 11.0)
    made = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, form, exif=notes)
    return made.getvalue()


def said(answer: Any) -> str:
    """Return the sentence of a refusal."""
    found = re.search(r'class="problem"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert found is not None, answer.text
    return unescape(found.group(1))


def version(office: World, record: str = FIRST) -> int:
    """Return the version of a record."""
    found = mines(office).get(record)
    assert found is not None
    return found.version


DAY = date(2026, 3, 2)
