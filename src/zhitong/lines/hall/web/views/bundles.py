"""One thing, one time for the applicant: the guide, one form, one page of progress, all results as one document."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import Actor, limit_rate, public_page, track
from zhitong.kernel.matters import public as m
from zhitong.ui import receipts
from zhitong.ui.following import Course, take
from zhitong.ui.public import content_answer

from ...actions.bundles import submit_bundle
from ...actions.bundles.submitting import withdrawn
from ...models import BundleVersion
from ...queries import bundles as reading
from ...queries import packs
from ..bundling import BundleApplyForm
from .applying import applicant, ask_for_code, for_firm, own, resident, review_code
from .sending import send

PACKS_AN_HOUR = 60
COURSE = Course(
    reading.KIND, "hall:bundle_followed", "hall:bundle_act", template="hall/act.html",
    done={"withdraw": gettext_lazy("已撤回。已作出决定的环节继续有效，其余一并撤回。")},
    about={"withdraw": gettext_lazy("撤回后还没有决定的环节都不再办理，也不能恢复；以后需要可以重新申请。")},
)  # fmt: skip


def offered(code: str) -> tuple[BundleVersion, reading.Whole]:
    """What counts for the bundle of that code today."""
    version = reading.offered_one(code)
    if version is None:
        raise NotFound("not_offered", _("没有这件事，可能已停办。请返回办事指南重新查找。"))
    return version, reading.whole(version.defined, timezone.localdate())


def sent_for(request: HttpRequest, code: str) -> tuple[BundleVersion, reading.Whole, Refused | None]:
    """The same for a form; for one that was sent after the bundle ended, what it showed, and the refusal."""
    shown = uuid_of(request.POST.get("version")) if request.method == "POST" else None
    version = reading.shown_one(code, shown) if shown and reading.offered_one(code) is None else None
    if version is None:
        return *offered(code), None
    return version, reading.whole(version.defined, timezone.localdate()), withdrawn()


@public_page
@require_safe
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """What belongs together, what runs beside what, how long it takes, what is asked and brought once."""
    version, one = offered(code)
    return render(request, "hall/bundles/guide.html", {"bundle": version.bundle, "one": one, "is_preview": False})


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_apply(request: HttpRequest, code: str) -> HttpResponse:
    """One form; sent, it leads to the page of progress with the receipt on top."""
    version, one, gone = sent_for(request, code)
    now = timezone.now()

    def show(form: BundleApplyForm, status: int) -> HttpResponse:
        context = {"form": form, "one": one, "bundle": version.bundle}
        return render(request, "hall/bundles/apply.html", context, status=status)

    return send(
        request, form_of=partial(BundleApplyForm, version, one, now, initial=for_firm(request)), show=show,
        submit=lambda form: submit_bundle(form.said_of_all(), by=applicant(request), at=now), page="hall:bundle_followed", gone=gone,
    )  # fmt: skip


@public_page
@never_cache
@require_safe
def bundle_followed(request: HttpRequest, number: str) -> HttpResponse:
    """One page: the graph with where each part stands, the one clock, the results."""
    matter = own(request, number, reading.KIND)
    if matter is None:
        return ask_for_code(number)
    seen = reading.progress_of(reading.case_of(matter))
    offered = m.offers(matter, list(matter.tasks.all()), list(matter.clocks.all()), resident(request), timezone.now())
    context = {
        "matter": matter, "seen": seen, "code": receipts.code_of(request, number), "stage": stage_of(matter), "about": COURSE.about,
        "offers": [one for one in offered if one.slug in COURSE.done], "papers": packs.papers_in_pack(seen, _of_parts(seen)),
        "review_code": review_code(matter) if matter.closed_at else "",
    }  # fmt: skip
    return render(request, "hall/bundles/followed.html", context)


def _followed(request: HttpRequest, number: str) -> m.Matter:
    matter = own(request, number, reading.KIND)
    if matter is None:
        raise NotFound("no_application", _("请输入查询码后查看。"))
    return matter


def _of_parts(seen: reading.Progress) -> Actor:
    """Whoever applied for the whole applied for its parts."""
    return Actor.resident([part.matter_id for part in seen.parts if part.matter_id])


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Take the whole back: what goes with it, and what stands, is said first."""
    matter = _followed(request, number)
    parts = reading.progress_of(reading.case_of(matter)).parts
    return take(request, COURSE, matter, action, by=resident(request), at=timezone.now(), parts=parts)


@public_page
@never_cache
@require_safe
def bundle_pack(request: HttpRequest, number: str) -> HttpResponse:
    """Every result as one document."""
    seen = reading.progress_of(reading.case_of(_followed(request, number)))
    return pack(seen, _of_parts(seen))


def pack(seen: reading.Progress, by: Actor) -> HttpResponse:
    """What of the results ``by`` may see, as one document."""
    limit_rate(f"hall-pack:{seen.case.pk}", PACKS_AN_HOUR, 3600)
    content = packs.pack_of(seen, packs.papers_in_pack(seen, by), at=timezone.now())
    name = _("结果清单") + f"-{seen.case.matter.number}.pdf"
    return content_answer(content, name, "application/pdf")


@public_page
@require_POST
def bundle_part(request: HttpRequest, number: str, part_id: UUID) -> HttpResponse:
    """The own page of a part: what is missing is handed in there."""
    matter = own(request, number, reading.KIND)
    part = reading.case_of(matter).parts.filter(matter=part_id).first() if matter else None
    if part is None or part.matter is None:
        raise NotFound("no_part", _("这一环节还没有开始办理。"))
    track(request, part_id)
    return redirect("hall:tracked", part.matter.number)


def stage_of(matter: m.Matter) -> Any:
    """What the stage of the whole is called."""
    return m.KINDS[matter.kind].by_slug[matter.stage].label
