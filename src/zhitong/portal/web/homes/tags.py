"""Tags put on persons and households and taken off, and the kinds of tags."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.register import public as register

from .crumbs import ending, of_household, root
from .editing import edit, sent
from .forms import TagForm, TagKindForm
from .places import changing


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def person_tag(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """A tag on a person."""
    one = register.person_for(resident_id, actor_of(request), register.MANAGE_HOMES)
    back = reverse("portal:resident", args=[one.pk])
    crumbs = ending([*root(), (mask_name(one.name), back)], _("加标签"))
    return _put(request, "person", one.pk, back, crumbs)


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def household_tag(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """A tag on a household."""
    one = register.household_for(household_id, actor_of(request), register.MANAGE_HOMES)
    back = reverse("portal:household", args=[one.pk])
    return _put(request, "household", one.pk, back, ending(of_household(one), _("加标签")))


def _put(request: HttpRequest, subject: str, pk: UUID, back: str, crumbs: Any) -> HttpResponse:
    form = TagForm(subject, sent(request))

    def act(said: dict[str, Any]) -> None:
        kind = UUID(said.pop("kind"))
        register.put_tag(kind, pk, by=actor_of(request), at=timezone.now(), **said)

    return edit(request, form, act, title=_("加标签"), back=back, crumbs=crumbs)


@requires(register.MANAGE_HOMES)
@require_POST
def tag_end(request: HttpRequest, tag_id: UUID) -> HttpResponse:
    """Take a tag off."""
    by = actor_of(request)
    tag = register.end_tag(register.tag_for(tag_id, by).pk, by=by, at=timezone.now())
    messages.success(request, _("标签已取消。"))
    if tag.person_id:
        return redirect("portal:resident", tag.person_id)
    return redirect("portal:household", tag.household_id) if tag.household_id else redirect("portal:homes")


@requires(register.TAG_KINDS)
@never_cache
@changing
def tag_kinds(request: HttpRequest) -> HttpResponse:
    """The kinds of tags, and a new one."""
    form = TagKindForm(sent(request))

    def act(said: dict[str, Any]) -> None:
        register.keep_tag_kind(by=actor_of(request), at=timezone.now(), **said)

    title = _("标签类型")
    kinds = register.tag_kinds(all_=True)
    return edit(
        request, form, act, title=title, back=reverse("portal:tag_kinds"), crumbs=ending(root(), title), button=_("新增"), tag_kinds=kinds
    )  # fmt: skip


@requires(register.TAG_KINDS)
@never_cache
@changing
def tag_kind(request: HttpRequest, tag_kind_id: UUID) -> HttpResponse:
    """Other facts of a kind."""
    one = register.tag_kind(tag_kind_id)
    facts = {name: getattr(one, name) for name in ("name", "name_en", "subject", "purpose", "days", "is_in_use")}
    form = TagKindForm(sent(request), initial=facts)
    form.fields["subject"].disabled = True

    def act(said: dict[str, Any]) -> None:
        register.keep_tag_kind(by=actor_of(request), at=timezone.now(), kind_id=one.pk, **said)

    back = reverse("portal:tag_kinds")
    crumbs = ending([*root(), (_("标签类型"), back)], one)
    return edit(request, form, act, title=str(one), back=back, crumbs=crumbs)
