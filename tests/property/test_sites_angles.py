"""An angle written in any notation is read as the same angle."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zoning.sites.tables.angles import parse_packed
from zoning.sites.tables.measures import NotationError, measure
from zoning.sites.tables.signs import plain

SIGNS = [
    ("°", "′", "″"), ("º", "'", '"'), ("˚", "’", "”"), ("ﹾ", "′", "″"), ("∘", "′", "′′"), ("°", "'", "''"),
    ("度", "分", "秒"), ("°", "′", ""), ("° ", "′ ", "″"), ("-", "-", ""), ("－", "－", ""), (":", ":", ""),
    ("：", "：", ""), (" ", " ", ""), ("—", "—", ""),
]  # fmt: skip
DIGITS = ["0123456789.", "０１２３４５６７８９．"]
EASTS = ["{}", "E{}", "{}E", "东经{}", "东经：{}", "经度 {}", "E {}", "lon={}", "Longitude: {}"]

degrees = st.integers(0, 179)
sixties = st.integers(0, 59)
decimals = st.integers(0, 6)


def seconds_text(whole: int, fraction: int, count: int) -> str:
    return f"{whole:02d}" + (f".{fraction % 10**count:0{count}d}" if count else "")


def spelled(text: str, digits: str) -> str:
    return text.translate(str.maketrans("0123456789.", digits))


@given(
    degrees,
    sixties,
    sixties,
    st.integers(0, 999_999),
    decimals,
    st.sampled_from(SIGNS),
    st.sampled_from(EASTS),
    st.sampled_from(DIGITS),
)
def test_degrees_minutes_seconds(
    d: int, m: int, s: int, fraction: int, count: int, signs: tuple[str, str, str], word: str, digits: str
) -> None:
    shown = seconds_text(s, fraction, count)
    text = spelled(f"{d}{signs[0]}{m:02d}{signs[1]}{shown}{signs[2]}", digits)
    found = measure(plain(word.format(text)))
    assert found is not None
    assert found.is_angle
    assert math.isclose(found.value, d + m / 60 + float(shown) / 3600, abs_tol=1e-9)
    assert math.isclose(found.unit, 10**-count / 3600, rel_tol=1e-9)
    assert found.axis == ("east" if word != "{}" else "")


@given(
    degrees,
    sixties,
    st.integers(0, 999_999),
    decimals,
    st.sampled_from(["°", "º", "度"]),
    st.sampled_from(["′", "'", "分", ""]),
)
def test_degrees_and_minutes(d: int, m: int, fraction: int, count: int, degree: str, minute: str) -> None:
    shown = seconds_text(m, fraction, count)
    found = measure(plain(f"{d}{degree}{shown}{minute}"))
    assert found is not None
    assert math.isclose(found.value, d + float(shown) / 60, abs_tol=1e-9)


@given(degrees, st.integers(0, 10**9 - 1), st.integers(0, 9), st.sampled_from(["{}", "{}°", "E{}", "{}E", "+{}"]))
def test_decimal_degrees(d: int, fraction: int, count: int, word: str) -> None:
    text = f"{d}" + (f".{fraction % 10**count:0{count}d}" if count else "")
    found = measure(plain(word.format(text)))
    assert found is not None
    assert math.isclose(found.value, float(text), abs_tol=1e-9)
    assert math.isclose(found.unit, 10**-count)


@given(degrees, sixties, sixties, st.integers(0, 9999), st.integers(0, 4))
def test_packed(d: int, m: int, s: int, fraction: int, count: int) -> None:
    fine = f"{fraction % 10**count:0{count}d}" if count else ""
    angle = parse_packed(f"{d}.{m:02d}{s:02d}{fine}")
    assert angle is not None
    assert math.isclose(angle.degrees, d + m / 60 + float(f"{s}.{fine or 0}") / 3600, abs_tol=1e-9)
    found = measure(f"{d}.{m:02d}{s:02d}{fine}", packed=True)
    assert found is not None
    assert found.value == angle.degrees


@given(degrees, st.integers(0, 99), st.integers(0, 99), st.sampled_from(["°′″", "--", "::"]))
def test_sixty_and_more_are_refused(d: int, m: int, s: int, signs: str) -> None:
    assume(m >= 60 or s >= 60)
    end = signs[2:]
    with pytest.raises(NotationError):
        measure(plain(f"{d}{signs[0]}{m:02d}{signs[1]}{s:02d}{end}"))


@given(st.integers(0, 89), sixties, sixties, st.sampled_from(["S{}", "{}S", "南纬{}", "-{}"]))
def test_south_is_negative(d: int, m: int, s: int, word: str) -> None:
    found = measure(plain(word.format(f"{d}°{m:02d}′{s:02d}″")))
    assert found is not None
    assert math.isclose(found.value, -(d + m / 60 + s / 3600), abs_tol=1e-9)


@given(
    st.floats(1e5, 4.6e7),
    st.integers(0, 4),
    st.sampled_from(["{}", "X={}", "Y：{}", "{}m", "{}米", "N {}"]),
    st.booleans(),
)
def test_metres(value: float, count: int, word: str, grouped: bool) -> None:
    text = f"{value:,.{count}f}" if grouped else f"{value:.{count}f}"
    found = measure(plain(word.format(text)))
    assert found is not None
    assert found.value == float(text.replace(",", ""))
    assert not found.is_angle


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = measure(plain(text))
    except NotationError as refused:
        sentence = refused.text
        assert sentence.zh != sentence.en
    else:
        assert found is None or math.isfinite(found.value)
