"""What the hall puts on the home pages: applications by what waits for this person."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zhitong.kernel.accounts.public import Actor
from zhitong.ui.public import Counting, Door, Section, Tile, set_href, sets_q

from ..permissions import ACCEPT, DECIDE, EXAMINE, ISSUE, SERVE
from .simulated import READY

# A move that somebody waits for: the permission it takes, what the tile says.
_MOVES = (
    ("accept", ACCEPT, gettext_lazy("待受理"), "inbox"),
    ("examine", EXAMINE, gettext_lazy("待审查"), "zoom-check"),
    ("decide", DECIDE, gettext_lazy("待决定"), "gavel"),
    ("issue", ISSUE, gettext_lazy("待制证"), "certificate"),
    ("deliver", ISSUE, gettext_lazy("待送达"), "package"),
)
PERMISSIONS = tuple(dict.fromkeys(permission for _slug, permission, *_rest in _MOVES))


def applications(by: Actor, at: datetime) -> Counting:
    """How many applications wait for each move that is open to this person."""
    mine: list[tuple[str, Any, str]] = [
        (f"do.application.{slug}", label, icon) for slug, permission, label, icon in _MOVES if by.may(permission)
    ]
    if by.may(ACCEPT):
        mine.append((READY, _("模拟待转正式"), "transform"))
    n = yield sets_q(by, at, [slug for slug, *_rest in mine])
    tiles = [
        Tile(label, n[slug], set_href(slug, sort="due"), icon=icon)
        for slug, label, icon in mine
        if slug != READY or n[slug]
    ]
    doors = (
        [Door(pgettext("application", "受理"), reverse("hall:counter"), "file-check", is_main=True)]
        if by.may(ACCEPT) and not by.may(SERVE)
        else []
    )
    return Section(_("办件"), "clipboard-list", tiles, doors)
