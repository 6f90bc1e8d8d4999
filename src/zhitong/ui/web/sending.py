"""Sending a file: one that is kept, or one that was made just now."""

import re
from pathlib import Path

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound

# What a browser shows by itself; anything else is saved.
SHOWN = {"image/jpeg", "image/png", "image/webp", "application/pdf"}
ONE_PART = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def file_answer(path: Path, name: str, media_type: str, *, part: str = "") -> HttpResponseBase:
    """The file at ``path`` as ``media_type`` and nothing else: no script in it runs, and nobody between keeps it.

    ``part`` is the header ``Range``, as players of sound and film send it (RFC 9110, section 14).  NotFound when it is not there.
    """
    try:
        answer = _part(path, media_type, part) or FileResponse(path.open("rb"), content_type=media_type)
    except OSError as missing:
        raise NotFound("no_file", _("没有找到这个文件。")) from missing
    if media_type.startswith(("audio/", "video/")):
        answer["Accept-Ranges"] = "bytes"
    _guard(answer, name, media_type)
    patch_cache_control(answer, private=True, max_age=3600)
    return answer


def _part(path: Path, media_type: str, part: str) -> HttpResponse | None:
    """The bytes from one place to another; nothing when the whole is asked for."""
    asked = ONE_PART.fullmatch(part)
    if asked is None:
        return None
    size = path.stat().st_size
    first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    if first >= size or last < first:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with path.open("rb") as file:
        file.seek(first)
        content = file.read(last - first + 1)
    return HttpResponse(
        content, content_type=media_type, status=206, headers={"Content-Range": f"bytes {first}-{last}/{size}"}
    )


def content_answer(content: bytes, name: str, media_type: str, *, is_saved: bool = False) -> HttpResponse:
    """The same for what was made for this request; kept nowhere.  ``is_saved``: never shown, though a browser could."""
    answer = HttpResponse(content, content_type=media_type)
    _guard(answer, name, media_type, is_saved=is_saved)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _guard(answer: HttpResponseBase, name: str, media_type: str, *, is_saved: bool = False) -> None:
    is_saved = is_saved or media_type not in SHOWN
    answer["Content-Disposition"] = content_disposition_header(is_saved, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
