"""What the kernel is told about reviews."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import Wording, declare_letter, show
from zhitong.kernel.matters.public import declare_kind, declare_reasons

from .. import permissions
from ..choices import BAD_REASONS, GOOD_REASONS, Finding, Mark
from ..models import Service
from ..queries import codes
from . import measures, privacy
from .rectification import ACTIONS, RECTIFICATION


def _link(context: Mapping[str, Any]) -> dict[str, str]:
    """The code of the service named in the letter: it is not kept in the outbox."""
    row = Service.objects.filter(pk=UUID(str(context["service"]))).only("digest").first()
    code = codes.shown(row.pk, row.digest) if row else ""
    return {"code": code, "link": f"{settings.PUBLIC_ADDRESS.rstrip('/')}/review/{code}"}


LETTERS = (
    Wording("review.invited", _("邀请评价"), "请您评价本次服务",
            "您办理的{item}请您评价：{link} 。评价码{code}，30天内有效，评价人信息不会提供给被评价人。",
            "How was it?", "Please tell us how {item} went: {link} . Code {code}, good for 30 days; who reviewed is not told.",
            ("item", "link", "code"), _link),
    Wording("review.answered", _("差评答复"), "您的评价已有答复",
            "您的评价已有答复：{reply}\n请您再次评价：{link} （评价码{code}）。",
            "Your review was answered", "Your review was answered: {reply}\nPlease tell us what you think of it: {link} (code {code}).",
            ("reply", "link", "code"), _link),
    Wording("review.bad", _("差评提醒"), "收到差评：{what}", "收到一条差评，整改件编号{number}，请尽快回电核实。",
            "Bad review: {what}", "A bad review came in, matter {number}. Please call back and verify.", ("number", "what")),
    Wording("review.dropped", _("整改终止通知"), "整改终止：{title}", "整改件{number}的评价经两人认定不计入，无需继续整改。",
            "Nothing to mend: {title}", "Two people found that the review of {number} does not count; nothing has to be mended.",
            ("number", "title")),
)  # fmt: skip
EVENTS = {
    "review.served": (_("提供服务"), "heart-handshake"),
    "review.given": (_("收到评价"), "star"),
    "review.proposed": (_("提出不计入"), "ban"),
    "review.excluded": (_("认定不计入"), "ban"),
    "review.kept": (_("认定计入"), "check"),
    "review.restored": (_("恢复计入"), "check"),
    "review.taken_back": (_("从当日统计中扣除"), "minus"),
    "review.put_back": (_("在当日统计中恢复"), "plus"),
    "point.saved": (_("设置评价窗口"), "device-tablet"),
    "point.codes_renewed": (_("更换窗口评价码"), "refresh"),
}


def _marked(data: Mapping[str, Any]) -> str:
    """The grade."""
    return str(Mark(data["mark"]).label) if data.get("mark") in Mark.values else ""


def _found(data: Mapping[str, Any]) -> str:
    """The conclusion."""
    return str(Finding(data["finding"]).label) if data.get("finding") in Finding.values else ""


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    declare_kind(RECTIFICATION)
    declare_reasons(GOOD_REASONS, _("好评原因"))
    declare_reasons(BAD_REASONS, _("差评原因"))
    for wording in LETTERS:
        declare_letter(wording)
    for kind, (label, icon) in EVENTS.items():
        show(kind, label, icon=icon, sentence=_marked if kind.startswith("review.") else None)
    show("rectification.opened", _("收到差评"), icon="mood-sad")
    for action in ACTIONS:
        show(f"rectification.{action.slug}", action.past, icon=action.icon, sentence=_found)
    measures.declare()
    privacy.declare()
