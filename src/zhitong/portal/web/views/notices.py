"""What one was told: unread first; opening one marks it as read."""

from math import ceil
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import actor_of, signed_in
from zhitong.kernel.events.public import mark_read
from zhitong.kernel.matters.public import visible_matters
from zhitong.kernel.register import public as register

from ...queries import notices as reading

SIZE = 30
UNREAD, ALL = "unread", "all"


@signed_in
@require_safe
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """The inbox."""
    by = actor_of(request)
    tab = ALL if request.GET.get("tab") == ALL else UNREAD
    unread = reading.notices(by, unread_only=True).count()
    rows = reading.notices(by, unread_only=tab == UNREAD)
    total = unread if tab == UNREAD else rows.count()
    pages = max(ceil(total / SIZE), 1)
    page = min(max(_whole(request.GET.get("page", "")), 1), pages)
    context = {
        "told": reading.told(list(rows[(page - 1) * SIZE : page * SIZE]), by),
        "tab": tab,
        "tabs": [(_("未读"), "?tab=unread", unread), (_("全部"), "?tab=all", None)],
        "unread": unread,
        "page": page,
        "pages": pages,
    }
    return render(request, "portal/notices.html", context)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 1


@signed_in
@require_safe
@never_cache
def notice_count(request: HttpRequest) -> HttpResponse:
    """How many are unread, for the bell: empty for none, "99+" for many."""
    return render(request, "ui/parts/bell_count.html")


@signed_in
@require_POST
def notice_open(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one as read and go to its matter, or to the people with the tag it is about."""
    by = actor_of(request)
    notice = reading.own_notice(notice_id, by)
    if notice is None or by.account_id is None:
        raise NotFound("no_notice", _("没有这条消息。"))
    mark_read(account_id=by.account_id, at=timezone.now(), notice_ids=[notice.pk])
    if visible_matters(by).filter(pk=notice.subject).exists():
        return redirect("portal:matter", notice.subject)
    if by.may(register.VIEW_HOMES) and register.TagKind.objects.filter(pk=notice.subject).exists():
        return redirect("portal:home_tag", notice.subject)
    messages.info(request, _("这条消息涉及的事项已不在您的查看范围内，消息已标为已读。"))
    return redirect("portal:notices")


@signed_in
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    by = actor_of(request)
    done = mark_read(account_id=by.account_id, at=timezone.now()) if by.account_id else 0
    messages.success(
        request, ngettext("已将%(num)d条消息标为已读。", "已将%(num)d条消息标为已读。", done) % {"num": done}
    )
    return redirect("portal:notices")
