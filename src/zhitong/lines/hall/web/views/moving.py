"""Moving running cases to the version that counts: which, what would change, and what became of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.matters.public import KINDS, act

from ...permissions import MOVE
from ...queries import moving as reading
from ...queries.applicants import applicants_named
from ..wording import said


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case."""

    number: str
    title: str
    matter_id: UUID
    why: str = ""


@requires(MOVE)
@require_safe
def moving(request: HttpRequest) -> HttpResponse:
    """The cases that lag behind their item."""
    after, before = (uuid_of(request.GET.get(name)) for name in ("after", "before"))
    page = reading.page_behind(actor_of(request), timezone.localdate(), after=after, before=before)
    cases = page.cases
    return render(
        request,
        "hall/moving.html",
        {
            "page": page,
            "cases": cases,
            "params": request.GET,
            "stages": KINDS["application"].by_slug,
            "names": applicants_named([one.pk for one in cases]),
            **_newest(cases),
        },
    )


def _newest(cases: Any) -> dict[str, Any]:
    return {"newest": reading.newest({case.item_id for case in cases}, timezone.localdate())}


@requires(MOVE)
@require_POST
def moving_preview(request: HttpRequest) -> HttpResponse:
    """What would change for those that were ticked."""
    ids = _ids(request)
    pairs = reading.preview(actor_of(request), timezone.now(), ids)
    context = {"pairs": pairs, "ids": ids, "said": said, "reason": "", "wrong": "" if pairs else _("请至少勾选一件。")}
    return render(request, "hall/moving_preview.html", context, status=200 if pairs else 422)


@requires(MOVE)
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Move them one by one, and say of each what became of it."""
    by, now, ids = actor_of(request), timezone.now(), _ids(request)
    reason = clean(request.POST.get("reason", ""))[:500]
    if not reason:
        pairs = reading.preview(by, now, ids)
        context = {"pairs": pairs, "ids": ids, "said": said, "reason": "", "wrong": _("请填写变更理由。")}
        return render(request, "hall/moving_preview.html", context, status=422)
    cases = reading.behind(by, timezone.localdate(now), ids)
    versions = reading.newest({case.item_id for case in cases}, timezone.localdate(now))
    results = []
    for case in cases:
        why = ""
        try:
            act(case.pk, "move", {"version": str(versions[case.item_id].pk), "reason": reason}, by=by, at=now)
        except Refused as refused:
            why = str(refused)
        results.append(Result(case.matter.number, case.matter.title, case.pk, why))
    return render(request, "hall/moved.html", {"results": results, "done": sum(not one.why for one in results)})


def _ids(request: HttpRequest) -> list[UUID]:
    found = (uuid_of(text) for text in request.POST.getlist("case")[: reading.MOST])
    return [one for one in found if one is not None]
