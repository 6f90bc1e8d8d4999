"""Files of matters, each only for those who may see it."""

from pathlib import Path
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import actor_of, public_page
from zhitong.kernel.matters.public import Attachment, place_of

from ...queries.matter import file_for

SHOWN = {"image/jpeg", "image/png", "image/webp", "application/pdf"}


@public_page
@require_safe
def file(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """The file itself."""
    found = file_for(attachment_id, actor_of(request))
    return _sent(found, place_of(bytes(found.digest)))


@public_page
@require_safe
def preview(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """A small picture of it."""
    found = file_for(attachment_id, actor_of(request))
    if not found.has_preview:
        raise NotFound("no_preview", "")
    return _sent(found, place_of(bytes(found.digest), preview=True))


def _sent(found: Attachment, path: Path) -> HttpResponseBase:
    """Bytes that nobody between us and the reader keeps, and that no browser takes for anything else."""
    try:
        answer = FileResponse(path.open("rb"), content_type=found.media_type)
    except OSError as missing:
        raise NotFound("no_file", "") from missing
    is_shown = found.media_type in SHOWN
    answer["Content-Disposition"] = content_disposition_header(not is_shown, found.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    patch_cache_control(answer, private=True, max_age=3600)
    return answer
