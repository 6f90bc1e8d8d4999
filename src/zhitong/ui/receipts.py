"""Receipts of what somebody sent: the browser that sent it may follow it, and see the tracking code until its session ends."""

import base64
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from zhitong.base.qr import qr_svg
from zhitong.base.sealing import Unreadable
from zhitong.kernel.accounts.public import keyring, track

KEPT, MOST_KEPT = "receipts", 10
PLACE = "session.receipts"


def keep_receipt(request: HttpRequest, *, matter_id: UUID, number: str, code: str) -> None:
    """Let this browser follow the matter, and see its code."""
    track(request, matter_id)
    keep_code(request, number=number, code=code)


def keep_code(request: HttpRequest, *, number: str, code: str) -> None:
    """Let this browser see the code, to show it or print it (sealed: the table of sessions does not tell it)."""
    sealed = base64.b64encode(keyring().seal(code, PLACE)).decode()
    others = {known: kept for known, kept in request.session.get(KEPT, {}).items() if known != number}
    request.session[KEPT] = dict([*others.items(), (number, sealed)][-MOST_KEPT:])


def code_of(request: HttpRequest, number: str) -> str:
    """The tracking code this browser got for ``number``; empty when it did not, or the session is over."""
    sealed = request.session.get(KEPT, {}).get(number, "")
    try:
        return keyring().open(base64.b64decode(sealed), PLACE) if sealed else ""
    except (Unreadable, ValueError):
        return ""


def picture_of(address: str) -> HttpResponse:
    """An address as a QR code."""
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")
