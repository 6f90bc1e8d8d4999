"""Requests of people about their data."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor

from ..choices import RequestState
from ..models import DataRequest
from ..permissions import ANSWER


def requests(by: Actor) -> QuerySet[DataRequest]:
    """All requests, those in hand first, the most pressing on top."""
    by.demand_everywhere(ANSWER)
    return DataRequest.objects.order_by("-state", "due_at", "id")


def open_requests(by: Actor) -> int:
    """How many wait."""
    return requests(by).filter(state=RequestState.OPEN).count()


def request_of(request_id: UUID, by: Actor) -> DataRequest:
    """One of them, or NotFound."""
    found = requests(by).filter(pk=request_id).first()
    if found is None:
        raise NotFound("no_request", _("没有这项个人信息请求。"))
    return found
