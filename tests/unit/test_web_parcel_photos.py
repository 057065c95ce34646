"""Photos of records: what may be handed in as one, and pictures that tell nothing but what is seen on them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFile

from zoning.errors import ContentError
from zoning.web.parcels.photos import MOST_BYTES, demand_photo, kind_of
from zoning.web.parcels.work import photo

NO_CONTENT: Any = None
GPS, ORIENTATION, OWNER = 0x8825, 0x0112, 0x013B
RED, BLUE = (200, 20, 20), (20, 20, 200)


def head(name: str, content: bytes, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0" + b"x" * 20, "jpeg"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"\xff\xd8\xfe", ""),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 20, "png"),
        (b"\x89PNG\n\x1a\n", ""),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", ""),
        (b"XXXX\x10\0\0\0WEBPVP8 ", ""),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "heic"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", ""),
        (b"\0\0\0\x18moovheic\0\0\0\0", ""),
        (b"", ""),
        (b"%PDF-1.7", ""),
        (b"<svg xmlns=", ""),
        (b"GIF89a" + b"x" * 20, ""),
        (b"MZ\x90\0" + b"x" * 20, ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(tmp_path: Path, content: bytes, kind: str) -> None:
    assert kind_of(head("photo.jpg", content, tmp_path)) == kind


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jpg", b"\xff\xd8\xff", "jpeg"),
        ("a.JPEG", b"\xff\xd8\xff", "jpeg"),
        ("现场.png", b"\x89PNG\r\n\x1a\n", "png"),
        ("a.webp", b"RIFF\x10\0\0\0WEBP", "webp"),
        ("a.HEIF", b"\0\0\0\x18ftypheic", "heic"),
    ],
)
def test_a_photo_is_called_as_what_it_is(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    assert demand_photo(head(name, content, tmp_path)) == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"\xff\xd8\xff"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n"),
        ("a.html", b"\xff\xd8\xff<script>"),
        ("a", b"\xff\xd8\xff"),
        ("a.jpg", b"<html>"),
        ("a.jpg", b""),
    ],
)
def test_what_is_called_otherwise_or_is_no_photo_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ContentError) as caught:
        demand_photo(head(name, content, tmp_path))
    assert caught.value.text.zh == f"“{name}”不是照片（JPEG、PNG、WebP、HEIC），没有保存"
    assert caught.value.text.en == f"'{name}' is no photo (JPEG, PNG, WebP, HEIC) and was not kept"


@pytest.mark.parametrize(("size", "is_taken"), [(MOST_BYTES, True), (MOST_BYTES + 1, False), (25_640_000, False)])
def test_a_photo_has_twenty_megabytes_at_most(tmp_path: Path, size: int, is_taken: bool) -> None:
    path = head("a.jpg", b"\xff\xd8\xff", tmp_path)
    os.truncate(path, size)  # a hole: nothing is written
    if is_taken:
        assert demand_photo(path) == "jpeg"
    else:
        with pytest.raises(ContentError) as caught:
            demand_photo(path)
        assert caught.value.text.zh == f"“a.jpg”有 {size / 1e6:.1f} MB，超过每张 20 MB 的上限，没有保存"
        assert caught.value.text.en.endswith("more than the 20 MB of a photo: it was not kept")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _libraries_as_they_were() -> Iterator[None]:
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    yield
    assert before == ImageFile.LOAD_TRUNCATED_IMAGES


def camera(path: Path, size: tuple[int, int] = (80, 40), *, orientation: int = 1, **options: Any) -> Path:
    """Write a photo, its left half red and its right half blue, with all that cameras write beside it."""
    picture = Image.new("RGB", size, BLUE)
    picture.paste(RED, (0, 0, size[0] // 2, size[1]))
    notes = Image.Exif()
    notes[ORIENTATION] = orientation
    notes[OWNER] = "Zhang San"
    notes.get_ifd(GPS)[1] = "N"
    picture.save(path, exif=notes, **options)
    return path


def is_red(picture: Image.Image, x: float, y: float) -> bool:
    pixel = picture.getpixel((int(x * picture.width), int(y * picture.height)))
    assert isinstance(pixel, tuple)
    return pixel[0] > pixel[2]


def made(path: Path) -> dict[str, Any]:
    return photo(NO_CONTENT, {"file": str(path)})


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_two_pictures_are_made_and_the_photo_stays(here: Path, name: str) -> None:
    path = camera(here / name)
    before = path.read_bytes()
    assert made(path) == {"width": 80, "height": 40}
    assert sorted(one.name for one in here.iterdir()) == sorted([name, "large.jpg", "small.jpg"])
    for size in ("large", "small"):
        with Image.open(here / f"{size}.jpg") as picture:
            assert (picture.format, picture.size) == ("JPEG", (80, 40))
            assert is_red(picture, 0.25, 0.5)
            assert not is_red(picture, 0.75, 0.5)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_a_picture_tells_neither_place_nor_owner(here: Path, name: str) -> None:
    path = camera(here / name)
    with Image.open(path) as picture:
        assert picture.getexif()[OWNER] == "Zhang San"
    made(path)
    for size in ("large", "small"):
        with Image.open(here / f"{size}.jpg") as picture:
            assert dict(picture.getexif()) == {}
        assert b"Zhang" not in (here / f"{size}.jpg").read_bytes()


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (80, 40), (0.2, 0.5)),
        (3, (80, 40), (0.8, 0.5)),
        (6, (40, 80), (0.5, 0.2)),
        (8, (40, 80), (0.5, 0.8)),
    ],
)
def test_a_picture_stands_upright(
    here: Path, orientation: int, size: tuple[int, int], red: tuple[float, float]
) -> None:
    made(camera(here / "a.jpg", orientation=orientation))
    with Image.open(here / "small.jpg") as picture:
        assert picture.size == size
        assert is_red(picture, *red)
        assert not is_red(picture, 1 - red[0] if red[0] != 0.5 else 0.5, 1 - red[1] if red[1] != 0.5 else 0.5)


def test_a_large_photo_is_made_small_with_its_proportions(here: Path) -> None:
    made(camera(here / "a.jpg", (2000, 500)))
    sizes = {}
    for name in ("large", "small"):
        with Image.open(here / f"{name}.jpg") as picture:
            sizes[name] = picture.size
    assert sizes == {"large": (1600, 400), "small": (360, 90)}


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1"])
def test_photos_of_other_colours_become_pictures(here: Path, mode: str) -> None:
    Image.new(mode, (30, 20)).save(here / "a.png")
    assert made(here / "a.png") == {"width": 30, "height": 20}


@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_a_photo_that_is_cut_off_is_damaged_even_where_libraries_let_it_pass(
    here: Path, monkeypatch: pytest.MonkeyPatch, keep: float
) -> None:
    path = camera(here / "a.jpg", (400, 300), quality=95)
    os.truncate(path, int(path.stat().st_size * keep))
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert made(path) == {
        "error": {"zh": "照片已损坏，打不开，没有保存", "en": "the photo is damaged and was not kept"}
    }
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True
    monkeypatch.undo()


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"x" * 100, b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_no_decoder_reads_is_damaged(here: Path, content: bytes) -> None:
    assert made(head("a.jpg", content, here))["error"]["en"] == "the photo is damaged and was not kept"


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "PPM"])
def test_a_file_cannot_choose_another_decoder(here: Path, form: str) -> None:
    Image.new("RGB", (10, 10)).save(here / "a.jpg", form)
    assert "error" in made(here / "a.jpg")


def test_a_photo_with_more_pixels_than_any_camera_makes_is_refused(here: Path) -> None:
    Image.new("1", (10_000, 8_001)).save(here / "a.png")  # a few hundred bytes
    assert made(here / "a.png") == {
        "error": {"zh": "照片像素过多，没有保存", "en": "the photo has too many pixels and was not kept"}
    }
    assert not (here / "large.jpg").exists()
