"""The menu of the desk: each line says in its declarations what belongs there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import Actor

# The headings under which entries of several components stand; what everybody uses all day has none.
GRID, HALL, RESULTS, SETTINGS = _("网格治理"), _("政务大厅"), _("督办成效"), _("管理")
MOST_OPEN = 16  # entries: with more only the group of the page one is on is open


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry: ``permissions`` lists those of which any one suffices (none: everybody who signed in).

    ``group`` is the heading it stands under (empty: none), one of those above or of its own; lower ``order`` comes first; ``key`` is the keyboard
    shortcut after ``g``.  ``face`` is desk or portal.  ``is_alone``: pages below its address are not part of it.
    """

    label: str | Promise
    url_name: str
    icon: str
    permissions: tuple[str, ...] = ()
    group: str | Promise = ""
    order: int = 100
    key: str = ""
    face: str = "desk"
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class MenuLink:
    """An entry as a page shows it."""

    label: str
    href: str
    icon: str
    key: str
    is_current: bool


class MenuGroup(NamedTuple):
    """A heading with its entries; those without one are always open."""

    label: str
    links: list[MenuLink]
    is_open: bool


_items: dict[str, MenuItem] = {}


def declare_menu(*items: MenuItem) -> None:
    """Add entries to the desk's menu; saying the same again changes nothing."""
    for item in items:
        _items[item.url_name] = item


def _href(item: MenuItem) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _is_open_to(item: MenuItem, actor: Actor) -> bool:
    return not item.permissions or any(actor.may(permission) for permission in item.permissions)


def _current(hrefs: Iterable[str], path: str) -> str:
    fitting = [href for href in hrefs if href and (path == href or (href != "/" and path.startswith(href)))]
    return max(fitting, key=len, default="")


def menu_for(actor: Actor, path: str, face: str = "desk") -> list[MenuGroup]:
    """The groups of a face's menu with what ``actor`` may open; the longest address ``path`` begins with is current."""
    declared = sorted(_items.values(), key=lambda item: item.order)
    shown = [item for item in declared if item.face == face and _is_open_to(item, actor)]
    hrefs = {item.url_name: _href(item) for item in shown}
    current = _current((hrefs[i.url_name] for i in shown if not i.is_alone or hrefs[i.url_name] == path), path)
    groups: dict[str, list[MenuLink]] = {}
    for item in shown:
        href = hrefs[item.url_name]
        if href:
            link = MenuLink(str(item.label), href, item.icon, item.key, href == current)
            groups.setdefault(str(item.group), []).append(link)
    is_short = sum(map(len, groups.values())) <= MOST_OPEN
    return [
        MenuGroup(label, links, not label or is_short or any(link.is_current for link in links))
        for label, links in groups.items()
    ]
