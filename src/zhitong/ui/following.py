"""What residents do on the page of their own matter: add, hand in, withdraw, confirm; one course of the form for every kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import Actor, TooMany, address_of_client, come_again, limit_rate
from zhitong.kernel.matters import public as m

from .action_forms import FILES, ActionForm, MatterChoices, action_form

ACTS_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Course:
    """The moves of one kind of matter: what is said after each, and before it.

    ``page`` is the route of the matter's own page, by its number; ``acts_at`` the one of the form, by number and move.  ``needs_files``
    are moves that are nothing without a file.
    """

    kind: str
    page: str
    acts_at: str
    done: Mapping[str, Any]
    about: Mapping[str, Any]
    template: str = "ui/act.html"
    files: Any = ""
    needs_files: frozenset[str] = frozenset()
    context: Mapping[str, Any] = field(default_factory=dict)


def take(
    request: HttpRequest, course: Course, matter: m.Matter, action: str, *, by: Actor, at: datetime,
    initial: Mapping[str, Any] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form of a move; sent, the move is taken.  What is refused is said in the form, and what was typed stays."""
    if action not in course.done:
        raise NotFound("no_action", _("没有这项操作。"))
    move = m.KINDS[course.kind].moves[action]
    form_class = action_form(
        move.payload, choices_for=MatterChoices(matter, [], [], by, at), files={FILES: course.files or _("照片或文件")} if move.takes else None
    )  # fmt: skip

    def show(form: ActionForm, status: int) -> HttpResponse:
        if action in course.needs_files:
            form.fields[FILES].required = True  # marked as what it is
        context = {
            "matter": matter,
            "move": move,
            "form": form,
            "about": course.about.get(action, ""),
            "course": course,
        }
        return render(request, course.template, {**context, **course.context, **more}, status=status)

    if request.method != "POST":
        return show(form_class(initial=dict(initial or {})), 200)
    try:  # before files are looked into
        limit_rate(f"{course.kind}-act:{address_of_client(request)}", ACTS_AN_HOUR, 3600)
    except TooMany as refused:
        form = form_class(request.POST)
        form.is_valid()
        form.refuse(refused)
        return come_again(show(form, refused.status), refused)
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return show(form, 422)
    try:
        if action in course.needs_files and not form.uploads():
            raise Refused("required", _("请先拍照或选择文件。"), field=FILES)
        m.act(matter.pk, action, form.payload(), by=by, at=at, files=form.uploads())
    except Refused as refused:
        form.refuse(refused)
        return show(form, refused.status)
    messages.success(request, str(course.done[action]))
    return redirect(course.page, matter.number)
