"""Files of matters, each only for those who may see it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import actor_of, public_page
from zhitong.kernel.matters.public import place_of
from zhitong.ui.public import file_answer

from ...queries.matter import file_for


@public_page
@require_safe
def file(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """The file itself."""
    found = file_for(attachment_id, actor_of(request))
    return file_answer(place_of(bytes(found.digest)), found.name, found.media_type)


@public_page
@require_safe
def preview(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """A small picture of it."""
    found = file_for(attachment_id, actor_of(request))
    if not found.has_preview:
        raise NotFound("no_preview", "")
    return file_answer(place_of(bytes(found.digest), preview=True), found.name, found.media_type)
