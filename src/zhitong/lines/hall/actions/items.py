"""Base items and implementation items: what there is and how it is found."""

from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.text import clean, tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.organisation.public import known_organ

from ..choices import Topic
from ..models import BaseItem, Item, Version
from ..permissions import CATALOGUE, demand_item, demand_organ
from .writing import changed, fetched, put


class BaseFields(TypedDict, total=False):
    """What may be changed of a base item; its code stays."""

    name: str
    kind: str


class ItemFields(TypedDict, total=False):
    """What may be changed of an item; its code, base item and organ stay."""

    name: str
    offered_at: str
    division_id: UUID | None
    topic: str
    for_persons: bool
    for_firms: bool
    everyday: str


def create_base(*, code: str, name: str, kind: str, by: Actor, at: datetime) -> BaseItem:
    """A new entry of the base list; for those who edit the catalogue of the whole district."""
    by.demand_everywhere(CATALOGUE)
    base = BaseItem(code=clean(code), name=clean(name), kind=kind)
    with transaction.atomic():
        put(base)
        data = {"code": base.code, "name": base.name, "item_kind": base.kind}
        record("hall.base.created", base.pk, stream_kind="hall_base", at=at, by=by, data=data, is_first=True)
    return base


def change_base(base_id: UUID, *, by: Actor, at: datetime, **fields: Unpack[BaseFields]) -> BaseItem:
    """Change what a base item is called or what sort it is."""
    by.demand_everywhere(CATALOGUE)
    with transaction.atomic():
        base = fetched(BaseItem, base_id)
        if differs := changed(base, fields):
            put(base)
            data = {"name": base.name, "changes": differs}
            record("hall.base.changed", base.pk, stream_kind="hall_base", at=at, by=by, data=data)
            for item in Item.objects.select_for_update().filter(base=base):
                save_item(item)
    return base


def create_item(
    *, base_id: UUID, code: str, organ_id: UUID, by: Actor, at: datetime, **fields: Unpack[ItemFields]
) -> Item:
    """A base item as one organ offers it.  Nobody sees it before a version is published."""
    demand_organ(by, organ_id)
    organ = known_organ(organ_id)
    if organ is None or not organ.is_valid_on(timezone.localdate(at)):
        raise Refused("no_organ", _("该单位不存在或已撤销，请重新选择。"), "organ")
    with transaction.atomic():
        base = fetched(BaseItem, base_id)
        item = Item(base=base, code=clean(code), organ_id=organ_id)
        changed(item, {"name": base.name, **fields})
        save_item(item)
        data = {"code": item.code, "name": item.name, "organ": str(organ_id)}
        record("hall.item.created", item.pk, stream_kind="hall_item", at=at, by=by, data=data, is_first=True)
    return item


def change_item(item_id: UUID, *, by: Actor, at: datetime, **fields: Unpack[ItemFields]) -> Item:
    """Change how an item is called and found; what it asks for and promises is changed by a new version."""
    with transaction.atomic():
        item = fetched(Item, item_id)
        demand_item(by, item)
        if differs := changed(item, fields):
            save_item(item)
            data = {"name": item.name, "changes": {k: [str(v) for v in pair] for k, pair in differs.items()}}
            record("hall.item.changed", item.pk, stream_kind="hall_item", at=at, by=by, data=data)
    return item


def check_basis(version_id: UUID, *, by: Actor, at: datetime) -> Item:
    """``by`` has compared the legal basis of a version with the law as it stands; a later version that says the same has it too."""
    with transaction.atomic():
        version = fetched(Version, version_id)
        item = fetched(Item, version.item_id)
        demand_item(by, item)
        if not version.basis.strip():
            raise Refused("no_basis", _("这一版还没有填写设定依据，请先在草稿中补上。"), "basis")
        item.basis_checked, item.basis_checked_on, item.basis_checked_by = (
            version.basis,
            timezone.localdate(at),
            by.label[:60],
        )
        item.save(update_fields=["basis_checked", "basis_checked_on", "basis_checked_by"])
        data = {"version": version.number, "basis": version.basis}
        record("hall.item.basis_checked", item.pk, stream_kind="hall_item", at=at, by=by, data=data)
    return item


def save_item(item: Item) -> None:
    """Keep the words it is found by with what it is called."""
    topic = str(Topic(item.topic).label) if item.topic in Topic.values else ""
    item.words = tsvector(item.name, item.everyday, item.base.name, topic)
    put(item, exclude=("words",))
