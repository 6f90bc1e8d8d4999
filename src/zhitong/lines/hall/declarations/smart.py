"""The smart form: its documents as papers a district may edit, its events, and how long drafts are kept."""

from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Holding, declare_holding
from zhitong.base.retention import RecordKind, declare_record_kind
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import show
from zhitong.kernel.papers.public import PaperKind, declare_paper, word

from ..actions.cases import aside, straight
from ..actions.registering import register_changes, undo_registered
from ..actions.smart import forget_drafts
from ..models import SmartDraft
from ..queries.smart import drafts_held
from ..rules.smart import DOCUMENTS

DAYS_OF_DRAFTS = 90


def _over(before: datetime) -> QuerySet[SmartDraft]:
    """Drafts nobody needs: not those whose application is still open, which say what to register when it is granted."""
    return SmartDraft.objects.filter(changed_at__lt=before).exclude(matter__application__is_open=True)


def _erase(case: Case, by: Actor) -> int:
    return forget_drafts(case.person_id)


def declare() -> None:
    """Called once when the application starts."""
    for one in DOCUMENTS.values():
        supplied = partial(word, one.heading, one.title, one.parts)
        declare_paper(
            PaperKind(
                one.slug, one.title, one.facts, supplied, holder="company", organ="registrar", group=_("小智帮办")
            )
        )
    straight.APPROVED.append(register_changes)
    aside.UNDONE.append(undo_registered)
    show("hall.smart.started", _("开始填写变更登记"), icon="forms")
    show("hall.smart.discarded", _("删除变更登记草稿"), icon="trash")
    declare_holding(Holding("hall.smart", _("小智帮办草稿"), ("hall.SmartDraft",), drafts_held, _erase, 45))
    declare_record_kind(RecordKind(
        "hall.smart", _("小智帮办草稿"), _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间"), DAYS_OF_DRAFTS,
        counts_from=pgettext_lazy("term from", "最后保存"),
        count=lambda before: _over(before).count(),
        destroy=lambda before: _over(before).delete()[0],
    ))  # fmt: skip
