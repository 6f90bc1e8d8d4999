"""Sending a file: one that is kept, or one that was made just now."""

from pathlib import Path

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound

# What a browser shows by itself; anything else is saved.
SHOWN = {"image/jpeg", "image/png", "image/webp", "application/pdf"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def file_answer(path: Path, name: str, media_type: str) -> FileResponse:
    """The file at ``path`` as ``media_type`` and nothing else: no script in it runs, and nobody between keeps it.

    NotFound when it is not there.
    """
    try:
        answer = FileResponse(path.open("rb"), content_type=media_type)
    except OSError as missing:
        raise NotFound("no_file", _("没有找到这个文件。")) from missing
    _guard(answer, name, media_type)
    patch_cache_control(answer, private=True, max_age=3600)
    return answer


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
