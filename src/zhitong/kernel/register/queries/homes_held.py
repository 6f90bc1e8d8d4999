"""What the register of homes holds of one person, for whoever asks what is held of them, and what is over long enough to go."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.base.holdings import Case, Fact, Held

from ..models import Merge, Residence, Tag
from .homes import residences_of

LIVES_HERE = gettext_lazy("居住登记，在此居住或户籍在此期间保存（《居住证暂行条例》《户口登记条例》）")


def homes_held(case: Case) -> list[Held]:
    """Where the person belongs and belonged, and the tags on them.  As long as they belong somewhere their name is needed."""
    rows = residences_of(case.person_id)
    if not case.is_unlawful and any(row.until is None for row in rows):
        case.needed.append(LIVES_HERE)
    held = []
    for row in rows:
        facts: list[Fact] = [
            (_("地址"), f"{row.household.unit.building.address} {row.household.unit}"), (_("居住类型"), row.get_kind_display()),
            (_("与户主关系"), row.get_role_display()), (_("迁入日期"), str(row.since)), (_("迁出日期"), str(row.until or "")),
            (_("备注"), row.household.note),
        ]  # fmt: skip
        kept = LIVES_HERE if row.until is None and not case.is_unlawful else ""
        held.append(Held(row.pk, _("居住登记"), row.household.created_at, [f for f in facts if f[1]], kept=kept))
    tags = Tag.objects.filter(person=case.person_id).select_related("kind").order_by("since", "id")
    held += [
        Held(t.pk, str(t.kind), t.created_at, [(_("标注原因"), t.purpose), (_("到期日期"), str(t.until))]) for t in tags
    ]
    merges = Merge.objects.filter(people__contains=[case.person_id]).order_by("at")
    held += [Held(m.pk, _("合并记录"), m.at, [(_("合并人"), m.by_label)]) for m in merges]
    return held


def merges_over(before: datetime) -> QuerySet[Merge]:
    """Merges from before then: they cannot be undone any more."""
    return Merge.objects.filter(at__lt=before)


def residences_over(before: datetime) -> QuerySet[Residence]:
    """Residences that ended before then."""
    return Residence.objects.filter(until__lt=timezone.localdate(before))


def tags_over(before: datetime) -> QuerySet[Tag]:
    """Tags that were taken off before then."""
    return Tag.objects.filter(ended_at__lt=before)
