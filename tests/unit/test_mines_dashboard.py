"""The dashboard as text: everything on it, small, the same bytes each time, nothing that a name can break."""

import base64
import gzip
import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from desk_world import HOSTILE, NDVI, STATES, make_desk
from zoning.mines.dashboard import packing
from zoning.mines.dashboard.content import Photo, Section
from zoning.mines.dashboard.packing import pack
from zoning.mines.dashboard.page import render_dashboard
from zoning.texts import Text


def scripts(page: str) -> dict[str, Any]:
    found = re.findall(r'<script id="(\w+)" type="application/(\w+)">(.*?)</script>', page, re.DOTALL)
    return {
        name: json.loads(text if kind == "json" else gzip.decompress(base64.b64decode(text)))
        for name, kind, text in found
    }


def test_the_page_carries_all_cards_and_a_hostile_name_stays_a_name() -> None:
    page = render_dashboard(make_desk(30), "zh")
    data = scripts(page)
    assert set(data) == {"payload", "cards", "phrases", "outlines", "photos"}
    assert len(data["cards"]) == 30
    assert sorted(card[1] for card in data["cards"] if card[1].startswith("<")) == [HOSTILE]
    assert HOSTILE not in page
    assert "A&B‹矿›乡" not in page.split("<script")[0]
    assert "A&amp;B‹矿›乡" in page
    assert len(data["outlines"]) == 29
    assert data["cards"][-1][0] == "14052200000029"


def test_the_same_desk_gives_the_same_bytes_in_both_languages() -> None:
    desk = make_desk(12)
    assert render_dashboard(desk, "zh") == render_dashboard(desk, "zh")
    english = render_dashboard(desk, "en")
    assert '<html lang="en">' in english
    assert "<title>Mine parcels · Restoration desk</title>" in english


def test_counts_of_a_theme_are_those_of_the_cards_and_who_has_no_kind_is_not_known() -> None:
    page = render_dashboard(make_desk(30), "zh")
    listed = re.findall(r'<ul class="kinds" data-theme="(\d)".*?</ul>', page, re.DOTALL)
    assert listed == ["0", "1"]
    counts = [
        [int(count) for count in re.findall(r"<b>(\d+)</b>", part)]
        for part in re.findall(r'<ul class="kinds" data-theme="\d".*?</ul>', page, re.DOTALL)
    ]
    assert counts == [[10, 10, 10, 0], [15, 15]]
    kind_of = scripts(page)["payload"]["themes"][1]["kindOf"]
    assert (kind_of.count(0), kind_of.count(1)) == (15, 15)


def test_places_and_outlines_can_be_read_back() -> None:
    desk = make_desk(5)
    packed = pack(desk.cards, desk.themes)
    places = np.frombuffer(base64.b64decode(packed.places), "<i4").reshape(-1, 2) / 1e6
    for place, card in zip(places, desk.cards, strict=False):
        assert card.geometry is not None
        assert card.geometry.contains(shapely.Point(place))
    steps = np.array(packed.outlines[0][0]).reshape(-1, 2).cumsum(axis=0) / 1e6
    first = desk.cards[0].geometry
    assert first is not None
    assert shapely.Polygon(steps).symmetric_difference(first).area < 0.01 * first.area


def test_values_without_pixels_stay_unknown_in_the_curve() -> None:
    desk = make_desk(2)
    packed = pack(desk.cards, desk.themes)
    title, dates, measured, reference, target, word = packed.cards[0][8][0]
    assert measured == [None if value is None else round(value * 1000) for value in NDVI]
    assert packed.dates[dates][4] == "2024-01-15"
    assert (reference, target) == ([600] * 12, [])
    assert packed.phrases[title] == ["植被指数", "vegetation index"]
    assert packed.phrases[word] == ["恢复中：每年 +0.11", "recovering: +0.11"]


def test_pictures_stop_at_the_limit_and_the_page_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST_PHOTO_BYTES", 1500)
    desk = make_desk(3)
    photo = Photo(Text("照片", "picture"), b"x" * 600)
    cards = tuple(replace(card, photos=(photo, photo)) for card in desk.cards)
    packed = pack(cards, desk.themes)
    assert {name: len(kept) for name, kept in packed.photos.items()} == {cards[0].id: 2}
    assert packed.photos_left_out == 4
    page = render_dashboard(replace(desk, cards=cards), "zh")
    assert "4 张照片超出本页容量；见台账的附件" in page
    assert "1 个没有位置，只在清单中" in page


def test_five_thousand_parcels_stay_under_fifteen_megabytes() -> None:
    desk = make_desk(5000)
    # As much as a real card holds: about forty rows, a third of them said of no other parcel, and a photo of 15 kB.
    common = tuple((Text(f"字段{n}", f"field {n}"), Text(f"值{n}", f"value {n}")) for n in range(25))
    photo = Photo(Text("修复前", "before"), bytes(np.random.default_rng(1).integers(0, 256, 15_000, dtype=np.uint8)))
    cards = []
    for number, card in enumerate(desk.cards):
        own = tuple(
            (
                Text(f"理由{n}", f"reason {n}"),
                Text(f"距线路 {number}.{n} m，可视面积占 {n} %", f"{number}.{n} m from it"),
            )
            for n in range(12)
        )
        section = Section(Text("全部", "all"), common + own)
        cards.append(replace(card, sections=(*card.sections, section), photos=(photo,)))
    page = render_dashboard(replace(desk, cards=cards), "zh")
    assert len(page.encode()) < 15_000_000
    data = scripts(page)
    assert len(data["cards"]) == 5000
    assert 100 < len(data["photos"]) < 5000
    assert "张照片超出本页容量" in page


def test_bars_are_as_long_as_their_values() -> None:
    page = render_dashboard(make_desk(31), "zh")
    rows = re.findall(r'<tr><th scope="row".*?</tr>', page, re.DOTALL)
    widths = [[float(width) for width in re.findall(r"width:([\d.]+)%", row)] for row in rows]
    totals = [int(re.findall(r'class="figure-cell">(\d+)<', row)[0]) for row in rows]
    assert sum(totals) == 31
    for total, parts in zip(totals, widths, strict=True):
        assert sum(parts) == pytest.approx(100 * total / max(totals), abs=0.01)
    assert STATES[0].word.zh in rows[0]
