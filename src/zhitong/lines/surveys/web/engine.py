"""What the pages are answered on which a form is filled in."""

from typing import Any

from django.http import HttpResponse, JsonResponse

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor, sealing_keys


def xml_answer(xform: str) -> HttpResponse:
    """A form as XML, to be read by the page and by nothing else."""
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-cache"}
    return HttpResponse(xform, content_type="application/xml; charset=utf-8", headers=headers)


def refused_answer(refused: Refused, **more: Any) -> JsonResponse:
    """A refusal, for a script that asked."""
    return JsonResponse({"code": refused.code, "message": str(refused), **more}, status=refused.status)


def draft_of(by: Actor, what: str) -> dict[str, Any]:
    """Under which name a page keeps what is half done, and with which keys it is sealed (drafts.js)."""
    return {
        "key": f"{by.account_id}:{what}",
        "keys": sealing_keys(by.account_id, "surveys.drafts") if by.account_id else [],
    }
