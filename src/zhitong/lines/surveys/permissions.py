"""What may be done with forms and surveys, and by which default roles."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import Actor, declare_permission, scope_q
from zhitong.kernel.organisation.public import Organ

DESIGN, ANSWER, VIEW, READ = "surveys.design", "surveys.answer", "surveys.view", "surveys.read"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(DESIGN, _("编制表单、开展摸排"), roles=("administrator",))
    declare_permission(ANSWER, _("摸排填报"), roles=("grid_worker",))
    declare_permission(VIEW, _("查看摸排进度"), roles=("administrator", "supervisor", "leader", "organ_head"))
    declare_permission(READ, _("查看和导出摸排答卷"), roles=("administrator",))


def reached(by: Actor, *permissions: str) -> Q:
    """The targets ``by`` reaches with any of the permissions: in the area of the own organ and of those below it, in a division, or all."""
    return scope_q(
        [granted for permission in permissions for granted in by.grants_for(permission)],
        organ=_in_area_of,
        division=lambda top: Q(path__contains=[top]),
        own=lambda granted: _in_area_of(granted.organ_ids or frozenset(filter(None, [granted.organ_id]))),
    )


def _in_area_of(organ_ids: frozenset[UUID]) -> Q:
    """An organ without a division covers the whole district."""
    areas = list(Organ.objects.filter(pk__in=organ_ids).values_list("division", flat=True))
    return Q(pk__isnull=False) if None in areas else Q(path__overlap=areas)
