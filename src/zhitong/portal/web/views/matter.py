"""The page of a matter, and the numbers on it that are shown in full only for a reason."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.dispatch.public import Together, together_with
from zhitong.kernel.matters.public import KINDS, Attachment, Matter, Offer, Purpose, Reach
from zhitong.kernel.register.public import Contact, Person, Written
from zhitong.kernel.register.public import reveal as reveal_subject
from zhitong.lines.hall.public import written_in
from zhitong.ui.public import desk_rows, paper_rows, parts_of

from ...queries import matter as reading
from ..forms import RevealForm
from .place import ListPlace

BESIDE = 3
SAID_OF = (Purpose.BEFORE, Purpose.AFTER)


@requires("matters.view")
@require_safe
def matter(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Everything about one matter."""
    by = actor_of(request)
    seen = reading.detail(matter_id, by, timezone.now())
    return render(request, "portal/matter.html", page_of(request, seen))


def page_of(request: HttpRequest, seen: reading.Detail) -> dict[str, Any]:
    """What the page needs."""
    by, place = actor_of(request), ListPlace.of(request)
    before, after = place.around(seen.matter, by)
    request.comes_from = place.href.partition("?")[0]  # type: ignore[attr-defined]
    first, rest = split(seen.offers())
    together = together_with(seen.matter, by) if KINDS[seen.matter.kind].has_category else Together()
    return {
        "seen": seen,
        "kind": KINDS[seen.matter.kind],
        "parts": parts_of(seen.matter, by, seen.at),
        "matter": seen.matter,
        "together": together,
        "company": together.company,
        "place": place,
        "before": before,
        "after": after,
        "first": first,
        "rest": rest,
        "may_reveal": by.may("register.reveal"),
        "clock_labels": reading.clock_labels(seen.matter),
        "shown_files": shown_files,
        "paper_rows": paper_rows,
        "reveal_href": partial(_reveal_href, seen.matter.pk),
    }


def shown_files(files: Sequence[Attachment]) -> list[dict[str, Any]]:
    """Attachments as the component draws them; pictures before and after say which they are."""
    notes = [f.get_purpose_display() if f.purpose in SAID_OF else "" for f in files]
    return [{**row, "note": note} for row, note in zip(desk_rows(files), notes, strict=True)]


def _reveal_href(matter_id: UUID, somebody: reading.Person, contact: Reach | None) -> str:
    """Where the reason is asked for: of one contact, or of the citizen id."""
    if contact is None:
        return reverse("portal:reveal", args=[matter_id, somebody.participant.pk])
    return reverse("portal:reveal_contact", args=[matter_id, somebody.participant.pk, contact.pk])


def split(offered: list[Offer]) -> tuple[list[Offer], list[Offer]]:
    """Buttons that are seen at once, and those in the menu."""
    primary = [o for o in offered if o.tone == "primary"]
    others = [o for o in offered if o.tone != "primary"]
    return [*primary, *others[:BESIDE]], others[BESIDE:]


@requires("register.reveal")
@require_http_methods(["GET", "POST"])
@never_cache
def reveal(request: HttpRequest, matter_id: UUID, participant_id: UUID, contact_id: UUID | None = None) -> HttpResponse:
    """Ask for the reason, then show the number once."""
    found = reading.find(matter_id, actor_of(request))
    return _revealed(request, found, reading.contact_of(found, participant_id, contact_id), _("查看完整联系方式"))


@requires("register.reveal")
@require_http_methods(["GET", "POST"])
@never_cache
def reveal_answer(request: HttpRequest, application_id: UUID, question: str) -> HttpResponse:
    """The same for what was written into the form of an application."""
    found = reading.find(application_id, actor_of(request))
    return _revealed(request, found, written_in(found, question), _("查看完整信息"))


def _revealed(request: HttpRequest, found: Matter, subject: Contact | Person | Written, title: str) -> HttpResponse:
    form = RevealForm(request.POST if request.method == "POST" else None)
    value = ""
    if request.method == "POST" and form.is_valid():
        try:
            value = reveal_subject(
                subject, reason=form.cleaned_data["reason"], by=actor_of(request), at=timezone.now(), matter_id=found.pk
            )
        except Refused as refused:
            form.add_error("reason" if refused.field == "reason" else None, str(refused))
    is_part = bool(request.headers.get("HX-Request"))
    context = {
        "matter": found, "form": form, "value": value, "is_part": is_part, "place": ListPlace.of(request), "title": title,
    }  # fmt: skip
    template = "portal/parts/reveal.html" if is_part else "portal/reveal.html"
    return render(request, template, context, status=422 if form.errors else 200)
