"""What the pages make of a progress: steps in plain words, files with their addresses, what each move is for."""

import re
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from markupsafe import Markup, escape

from zhitong.kernel.matters.public import Attachment, Step
from zhitong.ui.public import file_rows

WORDS = {
    "received": pgettext_lazy("plain step", "收到"),
    "passed": pgettext_lazy("plain step", "转办"),
    "met": pgettext_lazy("plain step", "见面"),
    "handled": pgettext_lazy("plain step", "办理"),
    "concluded": pgettext_lazy("plain step", "答复"),
    "visited": pgettext_lazy("plain step", "回访"),
}
ABOUT = {
    "supplement": _("想起别的情况，或者有新的照片，都可以补充。"),
    "withdraw": _("撤回后不再办理，也不能恢复；以后仍有问题，请重新提出。"),
    "not_fixed": _("说说还有什么没有解决，会由承办单位再次办理。"),
    "rate": _("五个档次，点一下就好。"),
    "ask_review": _("对信访处理意见不服的，可自收到之日起30日内申请。"),
}


def steps(found: Iterable[Step]) -> list[dict[str, Any]]:
    """For ``ui.stage_steps``."""
    return [{"label": WORDS[s.slug], "mark": s.label, "state": s.state, "at": s.at, "note": None} for s in found]


def files(number: str, found: Iterable[Attachment]) -> list[dict[str, Any]]:
    """For ``ui.attachments``."""
    return file_rows(found, lambda one: reverse("appeals:file", args=[number, one.pk]))


def marked(text: str, words: Iterable[str]) -> Markup:
    """``text`` with the words that make it urgent marked, whatever their case."""
    wanted = sorted(set(words), key=len, reverse=True)
    if not wanted:
        return escape(text)
    pieces = re.split(f"({'|'.join(map(re.escape, wanted))})", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if n % 2 else escape(piece) for n, piece in enumerate(pieces)
    )
