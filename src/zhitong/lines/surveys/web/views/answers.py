"""Answers, read one by one; every look is on record."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import file_answer

from ...actions.reading import looked
from ...models import folder_of
from ...permissions import READ
from ...queries import answers as reading
from ...queries import surveys
from ...rules.shown import lines

reads = requires(READ)


@reads
@never_cache
@require_safe
def list_(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Who answered for what, the newest first."""
    by = actor_of(request)
    one = surveys.survey(by, survey_id)
    found = reading.answers_of(by, one, after=uuid_of(request.GET.get("after", "")))
    context = {"one": one, "found": found, "places": labels({row.division_id for row in found.rows})}
    return render(request, "surveys/answers.html", context)


@reads
@never_cache
@require_safe
def answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """One answer in full."""
    by = actor_of(request)
    one = reading.answer(by, answer_id)
    looked(one, by=by, at=timezone.now())
    form = one.survey.version.questions
    context = {
        "one": one, "survey": one.survey, "lines": list(lines(form, one.values)), "raised": reading.raised_by(by, one),
        "files": {photo.name: photo for photo in one.photos.all()}, "place": labels([one.division_id]).get(one.division_id, ""),
    }  # fmt: skip
    return render(request, "surveys/answer.html", context)


@reads
@require_safe
def photo(request: HttpRequest, answer_id: UUID, photo_id: UUID) -> HttpResponseBase:
    """A photo, sound or film of an answer; of a long one, the part that is asked for."""
    one = reading.photo(actor_of(request), answer_id, photo_id)
    return file_answer(
        folder_of(one.answer.survey_id) / one.pk.hex, one.name, one.media_type, part=request.headers.get("Range", "")
    )
