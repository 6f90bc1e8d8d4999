"""Base items, and how an item is found: what is changed without a version."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.base.identifiers import page_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import actor_of, requires

from ... import actions
from ...models import BaseItem
from ...permissions import CATALOGUE
from ...queries import editing as reading
from ..item_forms import BaseForm, ItemForm, NewBaseForm, NewItemForm

editing = requires(CATALOGUE)


@editing
@require_safe
def bases(request: HttpRequest) -> HttpResponse:
    """The base list, and what stands on each entry."""
    by = actor_of(request)
    words, number = clean(request.GET.get("q", ""))[:60], page_of(request.GET.get("page", ""))
    found = reading.listed_bases(by, words=words, number=number)
    context = {
        "found": found, "words": words, "number": max(1, min(number, found.pages)), "may_change": by.may_everywhere(CATALOGUE),
    }  # fmt: skip
    return render(request, "hall/bases/list.html", context)


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_base(request: HttpRequest) -> HttpResponse:
    """A new entry of the base list."""
    actor_of(request).demand_everywhere(CATALOGUE)
    form = NewBaseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            base = actions.create_base(**form.cleaned_data, by=actor_of(request), at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已新增基本目录“%(name)s”。") % {"name": base.name})
            return redirect("hall:new_item", base.pk)
    return form_page(request, form, _("新增基本目录"), [(_("基本目录"), "hall:bases", ())])


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_base(request: HttpRequest, base_id: UUID) -> HttpResponse:
    """What an entry of the base list is called, and what sort it is."""
    actor_of(request).demand_everywhere(CATALOGUE)
    base = _base(base_id)
    form = BaseForm(request.POST or None, initial={"name": base.name, "kind": base.kind})
    if form.is_bound and form.is_valid():
        try:
            actions.change_base(base.pk, by=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("hall:bases")
    return form_page(
        request, form, _("修改基本目录：%(name)s") % {"name": base.name}, [(_("基本目录"), "hall:bases", ())]
    )


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: HttpRequest, base_id: UUID) -> HttpResponse:
    """A base item as one organ offers it, with a draft to be written next."""
    base, by = _base(base_id), actor_of(request)
    form = NewItemForm(request.POST or None, by=by, initial={"name": base.name})
    if form.is_bound and form.is_valid():
        try:
            item = actions.create_item(base_id=base.pk, by=by, at=timezone.now(), **form.values())
            actions.start_draft(item.pk, by=by, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已新增事项，请继续填写草稿。"))
            return redirect("hall:draft", item.pk)
    title = _("新增服务事项：%(name)s") % {"name": base.name}
    return form_page(request, form, title, [(_("服务事项"), "hall:catalogue", ()), (_("基本目录"), "hall:bases", ())])


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """How an item is called and found."""
    item = reading.editable_item(item_id, actor_of(request), _("没有这个事项，或者不归您编制。"))
    form = ItemForm(request.POST or None, initial=ItemForm.initial_of(item))
    if form.is_bound and form.is_valid():
        try:
            actions.change_item(item.pk, by=actor_of(request), at=timezone.now(), **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已保存，群众马上可以按新的说法找到。"))
            return redirect("hall:edit", item.pk)
    crumbs = [(_("服务事项"), "hall:catalogue", ()), (item.name, "hall:edit", (item.pk,))]
    return form_page(request, form, _("名称和查找方式"), crumbs)


def _base(base_id: UUID) -> BaseItem:
    found = BaseItem.objects.filter(pk=base_id).first()
    if found is None:
        raise NotFound("no_base", _("没有这条基本目录，可能已被删除。"))
    return found


def form_page(
    request: HttpRequest, form: Any, title: str, crumbs: list[tuple[str, str, tuple[Any, ...]]]
) -> HttpResponse:
    """A form alone on its page, with the way back."""
    context = {"form": form, "title": title, "crumbs": crumbs, "back": crumbs[-1]}
    return render(request, "hall/bases/form.html", context, status=422 if form.errors else 200)
