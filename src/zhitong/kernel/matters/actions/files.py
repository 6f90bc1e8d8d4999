"""Files: sniffed, limited, images re-encoded without location data, kept under the name of their content."""

import contextlib
import hashlib
import io
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import puremagic
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor

from ..choices import Purpose
from ..models import Attachment, Matter, Record
from ..queries.contents import place_in, place_of

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 9
# A few hundred bytes can claim to be a large picture, and reading it takes four to ten bytes for each pixel.  A JPEG is
# shrunk while it is read; what telephones take is one.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 25_000_000, "WEBP": 16_000_000}
MOST_AT_ONCE = 2
LONGEST_SIDE, PREVIEW_SIDE = 2560, 480
IMAGES = {"image/jpeg", "image/png", "image/webp"}
PDF = "application/pdf"
SET_ASIDE, ASIDE, A_DAY = "matters.files", "aside", 24 * 60 * 60
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", PDF: ".pdf"}

log = logging.getLogger(__name__)
_reading = threading.BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked file, ready to be kept.  ``purpose`` overrides what the files of its action are kept as."""

    name: str
    media_type: str
    content: bytes
    preview: bytes | None
    purpose: str = ""


def check_upload(name: str, content: bytes) -> Upload:
    """Look at what the file is, not at what it is called; Refused says which files are taken."""
    if len(content) > MOST_BYTES:
        raise Refused("file_too_big", _("文件不能超过20MB，请压缩后再上传。"), field="files")
    if not content:
        raise Refused("file_empty", _("文件是空的，请重新选择。"), field="files")
    kind = _sniff(content)
    base = " ".join(clean(Path(name.replace("\\", "/")).name).split())[-80:] or "file"
    stem = base.rsplit(".", 1)[0]
    if kind in IMAGES:
        kept, media_type, preview = _image(content)
        return Upload(stem + ENDINGS[media_type], media_type, kept, preview)
    if kind == PDF:
        _check_pdf(content)
        return Upload(stem + ENDINGS[PDF], PDF, content, None)
    raise _unwelcome()


def _unwelcome() -> Refused:
    return Refused("file_kind", _("只接受照片（JPG、PNG、WebP）和PDF文件，请重新选择。"), field="files")


def _sniff(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _image(content: bytes) -> tuple[bytes, str, bytes]:
    """The picture anew, upright, without any metadata, and a small one for lists."""
    try:
        with _reading, Image.open(io.BytesIO(content), formats=tuple(MOST_PIXELS)) as opened:
            if opened.width * opened.height > MOST_PIXELS.get(str(opened.format), MOST_PIXELS["JPEG"]):
                raise Refused("image_too_big", _("照片的像素过大，请用普通尺寸重新拍摄。"), field="files")
            picture = _upright(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused("file_broken", _("照片无法打开，可能已损坏，请重新选择。"), field="files") from error
    form = "PNG" if picture.mode == "RGBA" else "JPEG"
    kept = _encode(picture, form)
    picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return kept, f"image/{form.lower()}", _encode(picture, form)


def _upright(opened: Image.Image) -> Image.Image:
    """The picture as it is kept: not larger than it need be, the right way up, in RGB or RGBA."""
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    wanted = "RGBA" if opened.mode in ("RGBA", "LA", "P") else "RGB"
    picture = opened.convert(wanted) if opened.mode == "P" else opened
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    return upright if upright.mode == wanted else upright.convert(wanted)


def _encode(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    fresh.save(out, form, quality=85) if form == "JPEG" else fresh.save(out, form)
    return out.getvalue()


def _check_pdf(content: bytes) -> None:
    from pypdf import PdfReader  # a third of a second at start-up, and rarely needed
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted or len(reader.pages) == 0:
            raise Refused("pdf_locked", _("PDF文件已加密或没有内容，请取消密码后再上传。"), field="files")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise Refused("file_broken", _("PDF文件无法打开，可能已损坏，请重新选择。"), field="files") from error


def _keep(upload: Upload, folder: str = "") -> bytes:
    """Write the content once; the same content again is the same file.  What is set aside anew is as good as new."""
    digest = hashlib.sha256(upload.content).digest()
    for content, is_preview in ((upload.content, False), (upload.preview, True)):
        path = place_in(folder or digest.hex()[:2], digest, preview=is_preview)
        if content is not None and (folder or not path.exists()):
            put_file(path, content)
    return digest


def put_file(path: Path, content: bytes) -> None:
    """The whole file, on the disk, or none of it."""
    part = path.with_name(f"{path.name}.{uuid7().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=settings.FILE_UPLOAD_PERMISSIONS or 0o640)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as full:
        log.exception("file not kept")
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise Refused(
            "no_space", _("附件暂时无法保存，请稍后重试，或先不带附件提交，之后再补充。"), field="files"
        ) from full


def set_aside(uploads: Sequence[Upload]) -> str:
    """Keep checked files for a day, for a form that has to be sent once more; what is given back goes into that form.

    Raises Refused (no_space) when the disk takes no more.
    """
    said = [(_keep(u, ASIDE).hex(), u.name, u.media_type, u.preview is not None) for u in uploads]
    return signing.dumps(said, salt=SET_ASIDE, compress=True) if said else ""


def old_set_aside(before: datetime) -> list[Path]:
    """What was set aside before then."""
    found = []
    for path in (Path(settings.MEDIA_ROOT) / ASIDE).glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                found.append(path)
    return found


def drop_set_aside(*, at: datetime) -> int:
    """Delete what was set aside more than two days ago and is in no form any more; how many files."""
    old = old_set_aside(at - timedelta(days=2))
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def taken_up(token: str) -> list[Upload]:
    """The files of ``set_aside``; none when the form is older than a day or was tampered with."""
    try:
        said = signing.loads(token, salt=SET_ASIDE, max_age=A_DAY) if token else []
        return [
            Upload(name, kind, *_read(bytes.fromhex(digest), has_preview)) for digest, name, kind, has_preview in said
        ]
    except (signing.BadSignature, OSError, UnicodeError, ValueError):
        return []


def _read(digest: bytes, has_preview: bool) -> tuple[bytes, bytes | None]:
    preview = place_in(ASIDE, digest, preview=True).read_bytes() if has_preview else None
    return place_in(ASIDE, digest).read_bytes(), preview


def once_more(attachment: Attachment) -> Upload:
    """A file that is kept already, ready to be kept with another matter too."""
    digest = bytes(attachment.digest)
    preview = place_of(digest, preview=True).read_bytes() if attachment.has_preview else None
    return Upload(attachment.name, attachment.media_type, place_of(digest).read_bytes(), preview)


def sorted_out(uploads: Sequence[Upload], takes: Sequence[str]) -> list[Upload]:
    """The files of an action, each with what it is kept as; Refused where the action does not take them (``Action.takes``)."""
    if not takes:
        raise Refused("no_files_here", _("这项操作不收附件。"), field="files")
    only = takes[0] if len(takes) == 1 else ""
    found = [replace(upload, purpose=upload.purpose or only) for upload in uploads]
    if any(upload.purpose not in takes for upload in found):
        raise Refused("purpose", _("附件的用途不符合这项操作的要求，请重新选择。"), field="files")
    return found


def attach(
    matter: Matter,
    uploads: Sequence[Upload],
    *,
    by: Actor,
    at: datetime,
    purpose: str = Purpose.REPORT,
    record: Record | None = None,
    is_public: bool = False,
) -> list[Attachment]:
    """Keep checked files with a matter.  Runs in the caller's transaction; a file without its row does no harm."""
    if len(uploads) > MOST_FILES:
        raise Refused("too_many_files", _("一次最多上传9个文件。"), field="files")
    return Attachment.objects.bulk_create(
        Attachment(
            matter=matter, record=record, name=u.name, media_type=u.media_type, size=len(u.content), digest=_keep(u),
            has_preview=u.preview is not None, purpose=u.purpose or purpose, is_public=is_public, added_by=by.account_id, added_at=at,
        )
        for u in uploads
    )  # fmt: skip
