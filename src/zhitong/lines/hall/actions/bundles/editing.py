"""Bundles as configuration: written, checked, published, withdrawn.  A published definition is never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ...models import Bundle, BundleVersion
from ...permissions import demand_organ
from ...queries.bundles import problems_of_bundle
from ...rules.bundles import MOST_PARTS, load, plain
from ..writing import changed, fetched, put


class BundleFields(TypedDict, total=False):
    """What a bundle is called, and how it is found."""

    name: str
    topic: str
    everyday: str
    lead: str


def create_bundle(
    *, code: str, organ_id: UUID, by: Actor, at: datetime, definition: Mapping[str, Any] | None = None,
    **fields: Unpack[BundleFields],
) -> Bundle:  # fmt: skip
    """A bundle that is being written.  Residents see it once it is published."""
    demand_organ(by, organ_id)
    bundle = Bundle(code=clean(code), organ_id=organ_id, draft=_checked(definition or {}))
    changed(bundle, fields)
    with transaction.atomic():
        put(bundle)
        data = {"code": bundle.code, "name": bundle.name, "organ": str(organ_id)}
        record("hall.bundle.created", bundle.pk, stream_kind="hall_bundle", at=at, by=by, data=data, is_first=True)
    return bundle


def change_bundle(bundle_id: UUID, *, by: Actor, at: datetime, **fields: Unpack[BundleFields]) -> Bundle:
    """Change how a bundle is called and found."""
    with transaction.atomic():
        bundle = _bundle(bundle_id, by)
        if differs := changed(bundle, fields):
            put(bundle)
            _told("changed", bundle, by, at, {"fields": sorted(differs)})
    return bundle


def write_bundle(
    bundle_id: UUID, definition: Mapping[str, Any], *, by: Actor, at: datetime, seen: int | None = None
) -> Bundle:
    """Replace the definition that is being edited.  ``seen``: the revision that was edited, Conflict when it is another by now."""
    with transaction.atomic():
        bundle = _bundle(bundle_id, by)
        if seen is not None and seen != bundle.revision:
            raise Conflict("changed_meanwhile", _("草稿已被他人修改，请刷新后重新填写。"))
        bundle.draft, bundle.revision = _checked(definition), bundle.revision + 1
        put(bundle)
        _told("written", bundle, by, at, {"revision": bundle.revision})
    return bundle


def publish_bundle(bundle_id: UUID, *, by: Actor, at: datetime) -> BundleVersion:
    """What is written counts from now on; what was applied for before stays on its version."""
    with transaction.atomic():
        bundle = _bundle(bundle_id, by)
        if problems := problems_of_bundle(bundle, at):
            raise Refused("incomplete", _("还不能发布：%(what)s") % {"what": problems[0].message}, problems[0].field)
        newest = bundle.versions.order_by("-number").first()
        if newest and newest.ended_at is None and newest.definition == bundle.draft:
            raise Conflict("same", _("内容与正在办理的一样，不用再发布。"))
        bundle.versions.filter(ended_at=None).update(ended_at=at)
        number = newest.number + 1 if newest else 1
        made = BundleVersion.objects.create(bundle=bundle, number=number, definition=bundle.draft, published_at=at)
        _told("published", bundle, by, at, {"number": made.number})
    return made


def withdraw_bundle(bundle_id: UUID, *, by: Actor, at: datetime) -> None:
    """Nobody applies for it any more; what is under way goes on."""
    with transaction.atomic():
        bundle = _bundle(bundle_id, by)
        if not bundle.versions.filter(ended_at=None).update(ended_at=at):
            raise Conflict("not_published", _("这件事没有在办理，请刷新后重试。"))
        _told("withdrawn", bundle, by, at, {})


def _bundle(bundle_id: UUID, by: Actor) -> Bundle:
    bundle = fetched(Bundle, bundle_id)
    demand_organ(by, bundle.organ_id)
    return bundle


def _checked(definition: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = plain(load(definition))
    except (msgspec.ValidationError, TypeError) as error:
        raise Refused("not_a_bundle", _("内容的格式不正确，请在页面上重新编辑。"), "parts") from error
    if len(found.get("parts", ())) > MOST_PARTS:
        raise Refused("too_many", _("一件事最多包含%(n)d个事项。") % {"n": MOST_PARTS}, "parts")
    return found


def _told(what: str, bundle: Bundle, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    data = {"name": bundle.name, **data}
    record(f"hall.bundle.{what}", bundle.pk, stream_kind="hall_bundle", at=at, by=by, data=data)
