"""Tables of homes that somebody has sent."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor

from ..models import HomesImport


def own_homes_imports(by: Actor) -> QuerySet[HomesImport]:
    """What this person has sent, the newest first: what is in a file is for whoever sent it."""
    rows = HomesImport.objects.filter(account=by.account_id) if by.account_id else HomesImport.objects.none()
    return rows.order_by("-created_at", "-id")


def own_homes_import(by: Actor, run_id: UUID) -> HomesImport:
    """One of them; NotFound for anybody else's."""
    run = own_homes_imports(by).filter(pk=run_id).first()
    if run is None:
        raise NotFound("no_import", _("没有这次导入。"))
    return run
