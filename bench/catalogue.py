"""The guide of the hall in a catalogue of five thousand items, and in the one that ships.

From request to the bytes of the page, through all of Django, without the web server; nobody signs in.
"""

import sys
from collections.abc import Mapping
from typing import Any

from zhitong.base.identifiers import uuid7

from . import setting
from .compare import Question, compare
from .pages import page, stranger
from .report import Report

SIZES = {"small": 87, "large": 5_000}
DATABASES = {"small": setting.TEMPLATE, "large": "catalogue"}
TYPED = (
    "开饭店", "营业执照", "占道", "残疾证", "退休", "孩子上学", "居住证", "社保卡", "我想开个小超市", "户外广告", "许可", "没有这个词",
)  # fmt: skip
ROUNDS, EACH = 10, 20  # so that a hiccup or two of the machine are not among the slowest of twenty


def main() -> None:
    """Measure and print."""
    from zhitong.config.prepare import collect_static

    collect_static()
    compare(Report("catalogue"), questions, rounds=ROUNDS, each=EACH, pair=sys.modules[__name__])


def ensure() -> None:
    """Make the large one."""
    setting.ensure(DATABASES["large"], f"{SIZES['large']} items", fill)


def questions() -> Mapping[str, Question]:
    """What residents type, and what they look through."""
    client = stranger()
    found = {text: page(client, f"/hall/?q={text}") for text in TYPED}
    return found | {
        "all": page(client, "/hall/"),
        "all, the fourth page": page(client, "/hall/?page=4"),
        "for firms, food": page(client, "/hall/?for=firms&topic=food"),
    }


def fill() -> None:
    """So many items: those that ship, again and again under other codes and names, with what counts of them today.

    As rows: to take over a table of so many, each item with its log and its drafts, is another matter, and takes half an hour.
    """
    from django.db import connection
    from django.utils import timezone

    from zhitong.lines.hall.public import BaseItem, Item, Material, Version, version_on

    today = timezone.localdate()
    shipped = [found for pk in Item.objects.values_list("pk", flat=True) if (found := version_on(pk, today))]
    copies = [_copied(shipped[n % len(shipped)], n // len(shipped) + 1) for n in range(SIZES["large"] - len(shipped))]
    BaseItem.objects.bulk_create(one.item.base for one, _materials in copies)
    Item.objects.bulk_create(one.item for one, _materials in copies)
    Version.objects.bulk_create(one for one, _materials in copies)  # as drafts: what is published takes no materials
    Material.objects.bulk_create([row for _one, materials in copies for row in materials], batch_size=1000)
    Version.objects.filter(pk__in=[one.pk for one, _materials in copies]).update(state=shipped[0].state)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE hall_baseitem, hall_item, hall_version, hall_material")


def _copied(version: Any, copy: int) -> tuple[Any, list[Any]]:
    """The same under another code and name, not saved."""
    from zhitong.base.text import tsvector

    base, item = _again(version.item.base), _again(version.item)
    for one in (base, item):
        one.code, one.name = f"{one.code}{copy:03}", f"{one.name}（{copy}类）"
    item.base, item.words = base, tsvector(item.name, item.everyday, base.name, item.get_topic_display())
    one = _again(version)
    one.item, one.state = item, "draft"
    materials = [_again(row) for row in version.materials.all()]
    for row in materials:
        row.version = one
    return one, materials


def _again(row: Any) -> Any:
    """A row with the same values and an id of its own, not saved."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values | {"id": uuid7()})
