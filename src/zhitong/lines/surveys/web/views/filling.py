"""Filling in a form for one target."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import content_answer, with_engine

from ...actions import answers as do
from ...actions.queued import FORM
from ...permissions import ANSWER, DESIGN, VIEW
from ...queries import surveys as reading
from ...queries.forms import files_of, media_of
from ...rules.checking import LARGEST
from ...rules.recordings import MOST_FILM, MOST_SOUND
from ..engine import draft_of, refused_answer, xml_answer

answering = requires(ANSWER)


@answering
@never_cache
@require_safe
@with_engine
def fill(request: HttpRequest, target_id: UUID) -> HttpResponse:
    """The form, for one target."""
    by = actor_of(request)
    target = reading.own_target(by, target_id)
    version = target.survey.version
    place = labels([target.division_id]).get(target.division_id, "")
    context = {
        **draft_of(by, str(target.pk)),
        "files": files_of(version.pk),
        "known": reading.known(by, target, version.questions) if target.household_id else {},
        "most": {"audio": MOST_SOUND, "video": MOST_FILM},
        "target": target,
        "survey": target.survey,
        "place": place,
        "next": reading.next_open(by, target),
    }
    return render(request, "surveys/fill.html", context)


@requires(ANSWER, DESIGN, VIEW)
@require_safe
def form_xml(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The form of a survey as XML."""
    return xml_answer(reading.survey(actor_of(request), survey_id).version.xform)


@requires(ANSWER, DESIGN, VIEW)
@require_safe
def media(request: HttpRequest, survey_id: UUID, media_name: str) -> HttpResponse:
    """A table or picture that the form of a survey asks for."""
    found = media_of(reading.survey(actor_of(request), survey_id).version, media_name)
    return content_answer(bytes(found.content), found.asked_as, found.media_type)


@answering
@require_POST
def answer(request: HttpRequest, target_id: UUID) -> HttpResponse:
    """Take an answer; the same one again is taken once.  What is wrong is said by question."""
    reading.own_target(actor_of(request), target_id)
    sent = request.FILES.get(FORM)
    if sent is None or sent.size is None or sent.size > LARGEST:
        return refused_answer(Refused("no_answer", _("没有收到答卷，请重试。")))
    try:
        files = {name: file.read() for name, file in _files(request)}
        made, is_new = do.submit(target_id, sent.read(), files, by=actor_of(request), at=timezone.now())
    except do.NotRight as wrong:
        told = [{"path": one.path, "label": str(one.label), "message": str(one.message)} for one in wrong.wrong]
        return refused_answer(wrong, wrong=told)
    except Refused as refused:
        return refused_answer(refused)
    return JsonResponse({"answer": str(made.pk), "is_new": is_new}, status=201 if is_new else 200)


def _files(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    """What came beside the answer, and is not too large to be looked at."""
    for name, file in request.FILES.items():
        if name != FORM and isinstance(file, UploadedFile) and file.size is not None and file.size <= MOST_FILM:
            yield name, file


@answering
@require_POST
def miss(request: HttpRequest, target_id: UUID) -> HttpResponse:
    """Say why nobody could be asked."""
    try:
        do.miss(target_id, request.POST.get("note", ""), by=actor_of(request), at=timezone.now())
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("surveys:fill", target_id)
    messages.success(request, _("已记下。"))
    return redirect("surveys:survey", reading.own_target(actor_of(request), target_id).survey_id)
