"""Who keeps the teams of the grids, who walks, and who calls whom by video."""

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor, Granted, Scope, declare_permission
from zhitong.kernel.organisation.public import MANAGE, known_organ
from zhitong.kernel.territory.public import Level, Node, children, node, of_level

TEAM, WALK = "fieldwork.team", "fieldwork.walk"
CALL, ROOMS = "fieldwork.call", "fieldwork.rooms"
CALLING = (
    "dispatcher", "case_worker", "organ_head", "supervisor", "leader", "arbiter", "examiner", "decider",
)  # fmt: skip


def declare() -> None:
    """Tell the kernel."""
    declare_permission(TEAM, _("管理网格员队伍"), roles=("administrator", "organ_head"))
    declare_permission(WALK, _("使用网格员手机端"), roles=("grid_worker",))
    declare_permission(CALL, _("就事项与网格员视频连线"), roles=CALLING)
    declare_permission(ROOMS, _("设置视频会议室"), roles=("administrator",))


def tops(by: Actor) -> list[UUID]:
    """The divisions whose grids ``by`` finds workers for: those of the own organ, of a grant, or the whole district.  A bureau without
    a division of its own has no grids."""
    found: set[UUID] = set()
    for granted in by.grants_for(TEAM):
        if granted.scope == Scope.ALL:
            return [top.id for top in children(None)]
        if granted.scope == Scope.DIVISION and granted.division_id:
            found.add(granted.division_id)
        elif (organ := known_organ(granted.organ_id) if granted.organ_id else None) and organ.division_id:
            found.add(organ.division_id)
    return sorted(found)


def streets(by: Actor) -> list[Node]:
    """The streets inside which ``by`` finds workers, by code."""
    found = {street.id: street for top in tops(by) for street in of_level(Level.STREET, top)}
    return sorted(found.values(), key=lambda street: street.code)


def own_grid(by: Actor, grid_id: UUID) -> Node:
    """A grid that ``by`` finds workers for; NotFound."""
    grid, reach = node(grid_id), set(tops(by))
    if grid is None or grid.level not in (Level.GRID, Level.MICROGRID) or not reach & set(grid.path):
        raise NotFound("no_grid", _("没有这个网格，或不在您管理的范围内。"))
    return grid


def for_posts(by: Actor) -> Actor:
    """``by`` with the right to write posts and who sits on them.  Only for a grid that ``own_grid`` has allowed."""
    return replace(by, grants=(*by.grants, Granted(frozenset({MANAGE, "accounts.manage"}))))
