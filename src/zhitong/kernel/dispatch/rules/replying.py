"""In which actions somebody is answered: what a line declares."""

from django.utils.translation import gettext_lazy as _

REPLYING: dict[tuple[str, str], str] = {}
INSISTING: dict[tuple[str, str], str] = {}
BLOCKING = frozenset({"empty", "off", "copied"})
KINDS_OF_DOUBT = ("empty", "off", "copied", "late")
LABELS = {"empty": _("没有实质内容"), "off": _("答非所问"), "copied": _("照抄其他答复"), "late": _("超期答复")}
ADVICE = {
    "empty": _("答复里除了客套、收悉和转办，没有实质内容。请写明查了什么、办了什么、结果怎样。"),
    "off": _("答复里没有提到群众问的地点和事情。请对照诉求逐项回答；不属于本单位的，写明由谁办、何时答复。"),
    "copied": _("这份答复与编号%(number)s的几乎相同，而两件诉求问的不是一件事。请针对本件修改。"),
    "late": _("本件已超过办结时限。请在答复中说明延误原因。"),
}


def declare_reply(kind: str, action: str, field: str, *, insisting: str = "") -> None:
    """``field`` of ``action`` is what the person who raised a matter of ``kind`` is told; ``insisting`` is the field in which somebody
    who may says why it is sent all the same, where the district blocks such replies and the action asks `demand_reply`."""
    REPLYING[kind, action] = field
    if insisting:
        INSISTING[kind, action] = insisting
