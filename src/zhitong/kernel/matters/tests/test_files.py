"""Files: what is kept of them, what is refused, and what a hostile one costs."""

import io
import os
import resource
import stat
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from zhitong.base.errors import Refused
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.actions import files


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(form: str, side: int = 40, mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (side, side // 2)).save(out, form, **more)
    return out.getvalue()


def shown(upload: m.Upload) -> Image.Image:
    return Image.open(io.BytesIO(upload.content))


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "1"), ("PNG", "I;16"), ("WEBP", "RGB")]
)
def test_a_picture_without_transparency_becomes_a_jpeg(form: str, mode: str) -> None:
    upload = m.check_upload("a.b", picture(form, 3000, mode))
    assert (upload.media_type, upload.name) == ("image/jpeg", "a.jpg")
    assert (shown(upload).mode, shown(upload).size) == ("RGB", (2560, 1280))


@pytest.mark.parametrize(("form", "mode"), [("PNG", "P"), ("PNG", "LA"), ("PNG", "RGBA"), ("WEBP", "RGBA")])
def test_transparency_is_kept(form: str, mode: str) -> None:
    upload = m.check_upload("a", picture(form, mode=mode))
    assert (upload.media_type, shown(upload).mode) == ("image/png", "RGBA")


def test_a_picture_is_kept_the_right_way_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upload = m.check_upload("a.jpg", picture("JPEG", exif=exif))
    assert shown(upload).size == (20, 40)
    assert not shown(upload).getexif()


def test_two_pictures_in_one_file_are_the_first() -> None:
    """As newer telephones take them."""
    two = picture("MPO", save_all=True, append_images=[Image.new("RGB", (40, 20), "red")])
    assert shown(m.check_upload("a.jpg", two)).getpixel((5, 5)) == (0, 0, 0)


# What is refused, and what it costs to find out.


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is its root."""
    out, places = b"%PDF-1.7\n", []
    for number, inside in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, inside)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def pages(deep: int) -> Iterator[bytes]:
    """Pages of which each holds the next one twice: two to the power of ``deep``."""
    yield b"<</Type/Catalog/Pages 2 0 R>>"
    for number in range(3, deep + 3):
        yield b"<</Type/Pages/Count 2/Kids[%d 0 R %d 0 R]>>" % (number, number)
    yield b"<</Type/Page/MediaBox[0 0 9 9]>>"


def unfolding() -> bytes:
    """A PDF whose table of contents is a few hundred bytes, packed three times, and half a gigabyte."""
    packed = bytes(500 << 20)
    for _n in range(3):
        packed = zlib.compress(packed, 9)
    start = pdf(b"<</Type/Catalog/Pages 2 0 R>>").partition(b"xref")[0]
    head = b"<</Type/XRef/Size 5/W[1 2 1]/Root 1 0 R/Filter[/FlateDecode/FlateDecode/FlateDecode]/Length %d>>" % len(
        packed
    )
    stream = b"9 0 obj\n%bstream\n%b\nendstream\nendobj\n" % (head, packed)
    return start + stream + b"startxref\n%d\n%%%%EOF" % len(start)


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "png beyond its pixels": lambda: picture("PNG", 7100, "1"),
    "webp beyond its pixels": lambda: picture("WEBP", 7100, "RGBA", lossless=True),
    "jpeg beyond its pixels": lambda: picture("JPEG", 11_000, "L"),
    "pages without end": lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
    "pages in pages": lambda: pdf(*pages(40)),
    "deep": lambda: pdf(b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 200_000 + b"]" * 200_000 + b">>"),
    "unfolding": unfolding,
    "broken a million times": lambda: pdf(b"<<" * 1_000_000),
}
LARGE: Mapping[str, Callable[[], bytes]] = {
    "jpeg": lambda: picture("JPEG", 10_900, "RGB"),
    "progressive": lambda: picture("JPEG", 10_900, "RGB", progressive=True),
    "png": lambda: picture("PNG", 7000, "RGBA"),
    "webp": lambda: picture("WEBP", 5600, "RGBA", lossless=True),
}


def cost(content: bytes) -> tuple[float, int]:
    """Processor seconds and megabytes that looking into a file takes, in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            m.check_upload("a", content)
        except Refused:
            pass
        finally:
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            os.write(writer, struct.pack("dq", time.process_time() - start, grown // 1024))
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        seconds, megabytes = struct.unpack("dq", pipe.read())
    os.waitpid(child, 0)
    return seconds, megabytes


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_and_does_not_go_off(name: str, caplog: pytest.LogCaptureFixture) -> None:
    content = BOMBS[name]()
    with pytest.raises(Refused):
        m.check_upload("a", content)
    assert len(caplog.records) < 10
    seconds, megabytes = cost(content)
    assert megabytes < 200
    assert seconds < 10


@pytest.mark.parametrize("name", LARGE)
def test_the_largest_that_are_taken_cost_little(name: str) -> None:
    content = LARGE[name]()
    assert m.check_upload("a", content).media_type.startswith("image/")
    _seconds, megabytes = cost(content)
    assert megabytes < 300


# Where they are kept.


def test_files_are_for_this_programme_only(folder: Path) -> None:
    m.set_aside([m.check_upload("a.jpg", picture("JPEG"))])
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert not any(stat.S_IMODE(path.stat().st_mode) & 0o007 for path in kept)


def test_what_is_set_aside_comes_back_for_a_day_and_is_dropped_after_two(folder: Path) -> None:
    upload = m.check_upload("路灯.jpg", picture("JPEG"))
    token = m.set_aside([upload])
    assert m.taken_up(token) == [upload]
    assert files.drop_set_aside(at=timezone.now()) == 0
    assert m.taken_up(token) == [upload]
    assert files.drop_set_aside(at=timezone.now() + timedelta(days=2, minutes=1)) == 2
    assert m.taken_up(token) == []
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_set_aside_again_is_as_good_as_new(folder: Path) -> None:
    upload = m.check_upload("a.jpg", picture("JPEG"))
    m.set_aside([upload])
    for path in (folder / files.ASIDE).glob("*"):
        os.utime(path, (0, 0))
    token = m.set_aside([upload])
    assert files.drop_set_aside(at=timezone.now()) == 0
    assert m.taken_up(token) == [upload]


# What an action takes.


@pytest.mark.parametrize(
    ("takes", "given", "kept"),
    [(("reply",), "", "reply"), (("before", "after"), "after", "after"), (("evidence",), "evidence", "evidence")],
)
def test_files_are_kept_as_what_their_action_takes(takes: tuple[str, ...], given: str, kept: str) -> None:
    upload = m.Upload("a.jpg", "image/jpeg", b"a", None, given)
    assert [one.purpose for one in files.sorted_out([upload], takes)] == [kept]


@pytest.mark.parametrize(
    ("takes", "given", "code"),
    [((), "", "no_files_here"), (("before", "after"), "", "purpose"), (("reply",), "after", "purpose")],
)
def test_other_files_are_refused(takes: tuple[str, ...], given: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        files.sorted_out([m.Upload("a.jpg", "image/jpeg", b"a", None, given)], takes)
    assert refused.value.code == code
