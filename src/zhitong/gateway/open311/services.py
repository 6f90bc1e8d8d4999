"""Services: the categories of appeals, and what is asked besides the standard's own fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.events.public import Event, plain
from zhitong.kernel.matters.public import subkinds
from zhitong.kernel.organisation.public import Heading, Node, category_tree

from .callers import KIND

# For whoever does not know, and for what nobody has sorted yet.
UNSORTED = "unsorted"
YES, NO = "1", "0"
CHANGED_BY = ("category.created", "category.changed", "setting.changed")
FIRST = "2026-11-22T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of request.  ``category_id`` is None for what is not sorted."""

    code: str
    name: str
    group: str
    keywords: str
    category_id: UUID | None = None


def services() -> Iterator[Service]:
    """The lowest headings of the category list in their order, and one for whoever does not know."""
    yield _unsorted()
    for top in category_tree():
        yield from _below(top, [])


def _unsorted() -> Service:
    return Service(UNSORTED, _("其他或不确定"), _("其他"), "")


def _below(node: Node[Heading], above: list[str]) -> Iterator[Service]:
    item, names = node.item, [*above, str(node.item)]
    if not node.children:
        yield Service(
            item.code, names[-1], " / ".join(names[:-1]) or names[-1], ",".join(item.keywords.split()), item.id
        )
    for child in node.children:
        yield from _below(child, names)


def service(code: str) -> Service:
    """The service of that code; NotFound names it."""
    if code == UNSORTED:
        return _unsorted()
    found = next((one for one in services() if one.code == code), None)
    if found is None:
        raise NotFound("no_service", _("没有service_code“%(code)s”，请从services中选择。") % {"code": code[:40]})
    return found


def service_seen(one: Service) -> dict[str, Any]:
    """As the list shows it.  Every service asks the same few things besides."""
    return {
        "service_code": one.code, "service_name": one.name, "description": None, "metadata": True, "type": "realtime",
        "keywords": one.keywords or None, "group": one.group,
    }  # fmt: skip


def definition(code: str) -> dict[str, Any]:
    """What is asked besides, as the form on the portal asks it."""
    return {
        "service_code": service(code).code,
        "attributes": [_seen(order, one) for order, one in enumerate(_asked(), 1)],
    }


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that may be answered; one without values is only read."""

    code: str
    says: str
    values: Sequence[tuple[str, str]] = ()
    default: str = ""


def _asked() -> tuple[Attribute, ...]:
    yes_no = ((NO, _("否")), (YES, _("是")))
    kinds = [(one.slug, _in_language(one)) for one in subkinds(KIND, on_portal=True)]
    return (
        Attribute("danger", _("如有生命危险，请先拨打110、119或120。")),
        Attribute("subkind", _("您要反映的是"), kinds, kinds[0][0] if kinds else ""),
        Attribute("is_urgent", _("情况紧急，请优先处理"), yes_no, NO),
        Attribute("is_public", _("同意隐去个人信息后公开这件诉求"), yes_no, NO),
        Attribute("has_public_photos", _("照片也一并公开"), yes_no, NO),
    )


def _in_language(one: Any) -> str:
    from zhitong.ui.public import named

    return named(one)


def _seen(order: int, one: Attribute) -> dict[str, Any]:
    seen = {
        "variable": bool(one.values), "code": one.code, "datatype": "singlevaluelist" if one.values else "string",
        "required": False, "datatype_description": _("不填为“%(name)s”") % {"name": dict(one.values)[one.default]} if one.values else None,
        "order": order, "description": one.says,
    }  # fmt: skip
    return seen | ({"values": [{"key": key, "name": name} for key, name in one.values]} if one.values else {})


def answered(given: Mapping[str, Sequence[str]], more_subkinds: Sequence[str] = ()) -> dict[str, str]:
    """What was answered, with the default where nothing was.  Refused where it is none of the values.

    ``more_subkinds`` may be said besides those of the list: by whoever holds a key.
    """
    asked = {one.code: one for one in _asked() if one.values}
    if unknown := set(given) - set(asked):
        raise Refused("attribute", _("没有attribute[%(code)s]，请查看service definition。") % {"code": min(unknown)})
    found = {code: one.default for code, one in asked.items()}
    for code, values in given.items():
        allowed = {key for key, _name in asked[code].values} | (set(more_subkinds) if code == "subkind" else set())
        if len(values) != 1 or values[0] not in allowed:
            raise Refused("attribute", _("attribute[%(code)s]须从列出的值中选一个。") % {"code": code})
        found[code] = values[0]
    return found


def changeset() -> str:
    """When a service or what it asks was last changed: a sortable text."""
    last = [
        at for kind in CHANGED_BY
        if (at := Event.objects.filter(kind=kind).order_by("-at").values_list("at", flat=True).first())
    ]  # fmt: skip
    return plain(max(last))[:19] + "Z" if last else FIRST
