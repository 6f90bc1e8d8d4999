"""Imports of work orders as their owner sees them, and the mappings that are saved."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor

from ..models import OrderImport, OrderMapping


def own_imports(by: Actor) -> QuerySet[OrderImport]:
    """What this person has sent, the newest first: what is in a file is for whoever sent it."""
    rows = OrderImport.objects.filter(account=by.account_id) if by.account_id else OrderImport.objects.none()
    return rows.order_by("-created_at", "-id")


def own_import(by: Actor, run_id: UUID) -> OrderImport:
    """One of them; NotFound for anybody else's."""
    run = own_imports(by).filter(pk=run_id).first()
    if run is None:
        raise NotFound("no_import", _("没有这次导入。"))
    return run


def mappings() -> QuerySet[OrderMapping]:
    """What is saved, by name."""
    return OrderMapping.objects.order_by("name")


def mapping_for(headings: Collection[str], chosen: str | None) -> OrderMapping | None:
    """The one that was chosen by its id, else the last saved of those whose columns are all there."""
    there = set(headings)
    fitting = [row for row in mappings().order_by("-changed_at") if all(h in there for h, _slug in row.columns)]
    return next((row for row in fitting if str(row.pk) == chosen), fitting[0] if fitting and not chosen else None)
