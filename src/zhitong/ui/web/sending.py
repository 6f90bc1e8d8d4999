"""Sending a file that somebody uploaded."""

from pathlib import Path

from django.http import FileResponse
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
    answer["Content-Disposition"] = content_disposition_header(media_type not in SHOWN, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    patch_cache_control(answer, private=True, max_age=3600)
    return answer
