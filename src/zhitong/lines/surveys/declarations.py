"""What surveys tell the kernel and the faces."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Held, Holding, declare_holding
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import show
from zhitong.ui.public import (
    GRID,
    SETTINGS,
    EntryKind,
    MenuItem,
    PhoneList,
    declare_entry,
    declare_menu,
    declare_phone_list,
)

from . import permissions
from .actions import queued
from .actions.answers import forget
from .queries import phone
from .queries.surveys import held_of
from .rules.recordings import MOST_FILM
from .web import entries


def _look(case: Case) -> list[Held]:
    return [
        Held(row.pk, row.survey.name, row.given_at, [(_("填报人"), row.by_label)]) for row in held_of(case.person_id)
    ]


def _erase(case: Case, by: Actor) -> int:
    return forget(case.person_id)


def _phone() -> None:
    """Forms on the phone, also without network."""
    declare_entry(
        EntryKind("survey_answer", _("摸排答卷"), entries.AnswerForm, queued.answered, MOST_FILM),
        EntryKind("survey_missed", _("未能填报"), entries.MissedForm, queued.missed),
    )
    hint = _("没有网络也可以填报，联网后自动发送。")
    declare_phone_list(PhoneList(
        "survey_answer", _("待填报的摸排"), hint, _("提交"), phone.to_answer, phone.how_they_stand,
        template="surveys/phone.html", script="surveys/phone.js", style="surveys/fill.css",
    ))  # fmt: skip


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    _phone()
    declare_menu(
        MenuItem(
            pgettext_lazy("plural", "摸排"),
            "surveys:list",
            "clipboard-list",
            (permissions.ANSWER, permissions.VIEW, permissions.DESIGN),
            group=GRID,
            order=60,
        ),
        MenuItem(_("摸排表单"), "surveys:forms", "forms", (permissions.DESIGN,), group=SETTINGS, order=920),
    )
    declare_holding(Holding("surveys.answers", _("摸排答卷"), ("surveys.Answer", "surveys.Photo"), _look, _erase, 46))
    show("surveys.form.taken", _("上传表单"), icon="upload")
    show("surveys.form.built", _("编辑表单草稿"), icon="edit")
    show("surveys.form.published", _("发布表单"), icon="check")
    show("surveys.form.discarded", _("删除表单草稿"), icon="trash")
    show("surveys.form.media", _("上传表单附件"), icon="paperclip")
    show("surveys.rule.added", _("添加预警规则"), icon="alert-triangle")
    show("surveys.rule.removed", _("删除预警规则"), icon="trash")
    show("surveys.begun", _("开始摸排"), icon="player-play")
    show("surveys.extended", _("调整摸排截止日期"), icon="calendar")
    show("surveys.ended", _("结束摸排"), icon="player-stop")
    show("surveys.destroyed", _("销毁摸排答卷"), icon="trash")
    show("surveys.answered", _("填报答卷"), icon="clipboard-check")
    show("surveys.changed", _("更正答卷"), icon="edit")
    show("surveys.read", _("查阅答卷"), icon="eye")
    show("surveys.exported", _("导出摸排答卷"), icon="download")
