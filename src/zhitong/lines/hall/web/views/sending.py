"""The course of a form by which anybody applies: counted, refused with everything that was typed, sent, and the receipt."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import TooMany, address_of_client, come_again, limit_rate
from zhitong.ui import receipts

from ...actions.cases import Submitted
from ..applying import ApplyForm

SENT_AN_HOUR = 60
Form = TypeVar("Form", bound=ApplyForm)


def send(
    request: HttpRequest, *, form_of: Callable[..., Form], submit: Callable[[Form], Submitted],
    show: Callable[[Form, int], HttpResponse], page: str, is_desk: bool = False, gone: Refused | None = None,
) -> HttpResponse:  # fmt: skip
    """The form; sent, it leads to ``page`` of the number.

    ``form_of`` makes the form of what was sent, or an empty one; ``show`` answers with a form and a status.  ``is_desk``: a clerk fills
    it in for somebody else, uncounted, and does not follow it.  ``gone`` refuses whatever was sent: it is not offered any more.
    """
    if request.method != "POST":
        return show(form_of(), 200)
    try:  # before files are looked into and set aside
        if not is_desk:
            limit_rate(f"hall-sent:{address_of_client(request)}", SENT_AN_HOUR, 3600)
    except TooMany as refused:
        form = form_of(request.POST)
        form.is_valid()
        form.refuse(refused)
        return come_again(show(form, refused.status), refused)
    form = form_of(request.POST, request.FILES)
    if not form.is_valid() and gone is None:
        form.keep()
        return show(form, 422)
    try:
        if gone is not None:
            raise gone
        done = submit(form)
    except Refused as refused:
        if refused is gone:  # nothing else is worth mending
            form.errors.clear()
        form.refuse(refused)
        form.keep(with_new_key=refused.code == "key_reused")
        return show(form, refused.status)
    if is_desk:
        receipts.keep_code(request, number=done.number, code=done.tracking_code)
    else:
        receipts.keep_receipt(request, matter_id=done.matter_id, number=done.number, code=done.tracking_code)
    return redirect(page, done.number)
