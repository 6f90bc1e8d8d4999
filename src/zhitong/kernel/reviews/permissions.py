"""What may be done with reviews, and by which default roles."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import Actor, declare_permission, scope_q
from zhitong.kernel.territory import public as territory

from .models import Point, Review

VIEW, EXPORT, NAMES = "reviews.view", "reviews.export", "reviews.names"
VERIFY, RECTIFY, EXCLUDE, MANAGE = "reviews.verify", "reviews.rectify", "reviews.exclude", "reviews.manage"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(VIEW, _("查看好差评"), roles=("organ_head", "visitor", "supervisor", "leader"))
    declare_permission(EXPORT, _("导出好差评"), roles=("supervisor", "leader"))
    declare_permission(NAMES, _("查看评价对应的办件和联系人"), roles=("visitor", "supervisor"))
    declare_permission(VERIFY, _("核实差评、答复评价人"), roles=("visitor",))
    declare_permission(RECTIFY, _("办理差评整改"), roles=("case_worker", "organ_head"))
    declare_permission(EXCLUDE, _("认定不计入的评价（须两人）"), roles=("visitor", "supervisor"))
    declare_permission(MANAGE, _("设置评价窗口、评价器和现场二维码"), roles=("administrator",))


def visible_q(by: Actor, permission: str = VIEW) -> Q:
    """Condition for the reviews ``by`` may see by scope alone."""
    return scope_q(
        by.grants_for(permission),
        organ=lambda ids: Q(organ__in=ids),
        division=lambda top: Q(area__in=territory.within(top)) | Q(division__in=territory.within(top)),
        own=lambda granted: Q(staff=by.staff_id) if by.staff_id else Q(pk__in=[]),
    )


def demand_unbiased(by: Actor, review: Review) -> None:
    """Raise NotAllowed for the one who was judged, and for everybody in the organ that was."""
    if review.organ_id in by.organ_ids or (review.staff_id and review.staff_id == by.staff_id):
        raise NotAllowed("judged_oneself", _("被评价单位及其人员不能认定本单位的评价，请由其他单位的人员办理。"))


def demand_manage(by: Actor, organ_id: UUID) -> None:
    """Raise NotAllowed unless ``by`` may set up windows of that organ."""
    granted = by.grants_for(MANAGE)
    if not by.may_everywhere(MANAGE) and not any(organ_id in one.organ_ids for one in granted if one.scope == "organ"):
        raise NotAllowed("not_allowed", _("您没有设置该单位评价窗口的权限，请联系管理员。"))


def manageable(by: Actor) -> Q:
    """Condition for the windows ``by`` may set up."""
    return scope_q(
        by.grants_for(MANAGE),
        organ=lambda ids: Q(organ__in=ids),
        division=lambda _top: Q(pk__in=Point.objects.none()),
        own=lambda _granted: Q(pk__in=Point.objects.none()),
    )
