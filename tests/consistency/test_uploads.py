"""Files a hostile client sends: what they claim to be, what they are, how large they are, what is left of them."""

import io
import os
import random
import resource
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, PngImagePlugin

from tests.district import photo
from zhitong.base.errors import Refused
from zhitong.kernel.matters import public as m

from .scene import Scene

pytestmark = pytest.mark.django_db

GPS = b"GPS-36.65,117.12"


def encoded(form: str, **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "gray").save(out, form, **more)
    return out.getvalue()


def with_place(form: str = "JPEG") -> bytes:
    """A photo that says where it was taken, in EXIF and wherever else the format keeps text."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = GPS.decode(), "王小明"
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 39.0, 5.0), 3: "E", 4: (117.0, 7.0, 2.0)})
    more: dict[str, Any] = {"exif": exif, "xmp": b"<x:xmpmeta>" + GPS + b"</x:xmpmeta>"}
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", GPS.decode())
        more = {"exif": exif, "pnginfo": text}
    elif form == "JPEG":
        more["comment"] = GPS
    return encoded(form, **more)


def pdf(extra: bytes = b"") -> bytes:
    from pypdf import PdfWriter

    out, book = io.BytesIO(), PdfWriter()
    book.add_blank_page(100, 100)
    book.write(out)
    return out.getvalue() + extra


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    lines = zlib.compress(bytes((width // 8 + 1) * min(height, 4000)), 9)
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


SCRIPT = b"<script>alert(1)</script>"
REFUSED = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg with a header": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "html": b"<!doctype html>" + SCRIPT,
    "gif that is a script": b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//",
    "zip": b"PK\x03\x04" + bytes(60),
    "program": b"MZ" + bytes(100),
    "elf": b"\x7fELF" + bytes(100),
    "text": "路灯坏了".encode(),
    "nothing": b"",
    "zeros": bytes(1000),
    "jpeg cut off": photo()[:200],
    "jpeg's head only": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "png of 3.6 gigapixels": png(60_000, 60_000),
    "png wider than allowed": png(2_000_000, 40),
    "tiff": encoded("TIFF"),
    "bmp": encoded("BMP"),
    "pdf that is html": b"%PDF-1.4\n" + SCRIPT,
    "pdf cut off": pdf()[:100],
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("claims", [("photo.jpg", "image/jpeg"), ("a.pdf", "application/pdf")])
def test_what_is_no_photo_and_no_document_is_refused(scene: Scene, what: str, claims: tuple[str, str]) -> None:
    """With a sentence beside the photos, and with everything that was typed."""
    name, kind = claims
    answer = raise_with(scene, SimpleUploadedFile(name, REFUSED[what], kind))
    assert answer.status_code == 422
    assert "东门路灯不亮已三天" in answer.content.decode()
    assert not m.Matter.objects.filter(text__contains="东门路灯不亮已三天").exists()


def raise_with(scene: Scene, *files: SimpleUploadedFile, client: Client | None = None, **more: Any) -> Any:
    client = client or scene.client("stranger")
    said = {
        "subkind": "report",
        "text": "东门路灯不亮已三天，请修理。",
        "photos": list(files),
        "key": os.urandom(12).hex(),
    }
    return client.post(reverse("appeals:new"), said | more)


def kept(scene: Scene, *files: SimpleUploadedFile) -> tuple[Client, m.Matter]:
    """Raised with these files, by this browser."""
    client = scene.client("stranger")
    answer = raise_with(scene, *files, client=client)
    assert answer.status_code == 302, answer.content.decode()
    return client, m.Matter.objects.get(text__contains="东门路灯不亮已三天")


def opened(client: Client, matter: m.Matter, *, small: bool = False) -> tuple[Any, bytes]:
    file = matter.attachments.get()
    address = reverse("appeals:file", args=[matter.number, file.pk]) + ("?small" if small else "")
    answer = client.get(address)
    return answer, b"".join(answer.streaming_content)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_does_not_say_where_it_was_taken(scene: Scene, form: str) -> None:
    sent = with_place(form)
    assert GPS in sent
    client, matter = kept(scene, SimpleUploadedFile("a.jpg", sent, "image/jpeg"))
    for small in (False, True):
        answer, content = opened(client, matter, small=small)
        assert answer["Content-Type"] in ("image/jpeg", "image/png")
        assert GPS not in content
        with Image.open(io.BytesIO(content)) as picture:
            assert not picture.getexif()
            assert not {"comment", "Comment", "xmp", "XML:com.adobe.xmp", "exif"} & set(picture.info)


def test_what_hangs_behind_a_photo_is_gone(scene: Scene) -> None:
    client, matter = kept(scene, SimpleUploadedFile("a.html", photo() + SCRIPT, "text/html"))
    answer, content = opened(client, matter)
    assert SCRIPT not in content
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert 'filename="a.jpg"' in answer["Content-Disposition"]


def test_a_document_with_a_page_in_it_stays_a_document(scene: Scene) -> None:
    client, matter = kept(scene, SimpleUploadedFile("a.jpg", pdf(SCRIPT), "text/html"))
    answer, _content = opened(client, matter)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]


NAMES = (
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "a\x00.jpg", "a\r\nSet-Cookie: x=1.jpg", '"; filename="evil.html', "<script>.jpg",
    "." * 5, "/", "\u202egpj.exe", "照片" * 40 + ".jpg", "CON.jpg", "a/b/c.jpg", "%2e%2e%2f.jpg", "a;b=c.jpg",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_a_name(scene: Scene, name: str) -> None:
    upload = SimpleUploadedFile("x.jpg", photo(), "image/jpeg")
    upload._name = name  # as a client sends it, not as Django tidies it
    checked = m.check_upload(name, photo())
    assert not set(checked.name) & set("/\\\0\r\n\u202e")
    assert 0 < len(checked.name) <= 85
    if "\n" in name:
        return  # cannot be sent: it ends the header it stands in
    client, matter = kept(scene, upload)
    answer, _content = opened(client, matter)
    assert answer.status_code == 200
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("inline; filename")


def test_damaged_files_are_refused_and_nothing_else() -> None:
    """A photo or a document with bytes overturned is kept or refused, whatever is wrong with it."""
    dice, about = random.Random(9), set()
    whole = [photo(), encoded("PNG"), encoded("WEBP"), encoded("PNG", optimize=True), pdf()]
    for turn in range(300):
        content = bytearray(whole[turn % len(whole)])
        for _ in range(dice.randint(1, 12)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        if turn % 4 == 0:
            del content[dice.randrange(len(content)) :]
        try:
            m.check_upload("a.jpg", bytes(content))
        except Refused as refused:
            about.add(refused.field)
    assert about == {"files"}


def test_text_that_unfolds_is_refused() -> None:
    """A small file whose comment is a gigabyte."""
    data = b"Comment\0\0" + zlib.compress(bytes(80 * 1024 * 1024), 9)
    text = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    with pytest.raises(Refused):
        m.check_upload("a.png", png(40, 30, text))


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "提交的内容太大"), ("en", "Too large")])
def test_a_hundred_megabytes_are_refused_before_they_are_read(scene: Scene, language: str, says: str) -> None:
    client = scene.client("stranger")
    client.cookies["django_language"] = language

    class Unread(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("the body is read")

    told: Any = {"CONTENT_LENGTH": str(100 * 1024 * 1024), "wsgi.input": Unread()}
    answer = client.generic("POST", reverse("appeals:new"), b"--x", "multipart/form-data; boundary=x", **told)
    assert answer.status_code == 413
    assert says in answer.content.decode()


def test_a_file_beyond_twenty_megabytes_is_refused_on_its_form(scene: Scene) -> None:
    answer = raise_with(scene, SimpleUploadedFile("a.jpg", photo() + bytes(21 * 1024 * 1024), "image/jpeg"))
    assert answer.status_code == 422
    assert "文件不能超过20MB" in answer.content.decode()


def test_ten_files_are_too_many_and_two_thousand_fields_too(scene: Scene) -> None:
    answer = raise_with(scene, *(SimpleUploadedFile("a.jpg", photo(), "image/jpeg") for _ in range(10)))
    assert answer.status_code == 422
    answer = raise_with(scene, *(SimpleUploadedFile("a.jpg", photo(), "image/jpeg") for _ in range(25)))
    assert answer.status_code == 413
    answer = scene.client("stranger").post(reverse("appeals:new"), {f"a{n}": "" for n in range(3000)})
    assert answer.status_code == 413


def test_a_full_disk_loses_the_photo_and_not_the_text(scene: Scene, tmp_path: Path, settings: Any) -> None:
    """No file of this process may grow beyond 50,000 bytes: as when the disk is full in the middle of one."""
    settings.MEDIA_ROOT = tmp_path
    noise = io.BytesIO()
    Image.frombytes("RGB", (600, 600), random.Random(7).randbytes(600 * 600 * 3)).save(noise, "JPEG", quality=95)
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, most))
    try:
        answer = raise_with(scene, SimpleUploadedFile("a.jpg", noise.getvalue(), "image/jpeg"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert answer.status_code == 422
    assert "附件暂时无法保存" in answer.content.decode()
    assert "东门路灯不亮已三天" in answer.content.decode()
    assert not m.Matter.objects.filter(text__contains="东门路灯不亮已三天").exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
