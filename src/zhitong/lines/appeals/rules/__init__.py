"""Where an appeal goes, what of it may be shown to all: pure functions on plain values."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from zhitong.base.text import mask_inline, mask_name

from ..choices import SATISFIED

REOPEN_WITHIN = timedelta(days=30)
ARBITRATED_FROM = 2
MOST_VISITS_MISSED = 3
PETITION = "petition"
# Tries at a tracking code.  By number not so few that a neighbour who knows it can shut its reporter out; SECURITY.md says what
# the odds are.
TRIES_BY_ADDRESS, TRIES_BY_NUMBER, TRIES_SECONDS = 30, 120, 15 * 60


def who_met(_matter: object, by: Any) -> str:
    """Whoever fills it in mostly was there."""
    return _("%(who)s与反映人") % {"who": by.label}


def after_return(returns: int) -> str:
    """The first return goes back to the dispatcher, the second to the arbiter."""
    return "arbitration" if returns >= ARBITRATED_FROM else "received"


def is_satisfied(grade: int) -> bool:
    """The first three of the five grades."""
    return grade in SATISFIED


def after_dissatisfaction(round_: int) -> str:
    """The first time the organ handles it again; the second time it goes to supervision."""
    return "second" if round_ == 1 else "supervision"


def may_reopen(closed_at: datetime | None, at: datetime) -> bool:
    """Within thirty days of closing."""
    return closed_at is not None and at <= closed_at + REOPEN_WITHIN


def next_review(stage: str, done: int) -> str | None:
    """A petition is reviewed once and re-reviewed once (Regulation on Petitions: 复查、复核); then it is final."""
    return {0: "review", 1: "rereview"}.get(done) if stage == "closed" else None


# What stands in a public text besides phones and numbers of identity: doors, plates, and names that introduce themselves.
_DOOR = re.compile(
    r"[0-9０-９]+(?=\s*室)|[0-9０-９一二三四五六七八九十]+(?=\s*单元)|(?<=[楼单元栋幢座])\s*(?:[0-9]-)?[0-9]{3,4}(?![0-9年])"
    r"|(?<![0-9-])[0-9]{1,2}-[0-9]{1,2}-[0-9]{3,4}(?![0-9-])"
)
_ROOM = re.compile(r"(?i)\b(room|unit|flat|apt\.?|apartment)\s*[0-9]+[a-z]?")
_PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z])\s*[·.]?\s*[A-Z0-9]{4,5}[A-Z0-9挂学警]"
)
_SELF = re.compile(r"(我叫|我是|我名叫|姓名[:：是为]?|联系人[:：]?)\s*([\u4e00-\u9fff]{2,4})(?=[，,。；;、\s（(]|$)")
SHARP = 3


def for_all(text: str, names: Collection[str] = ()) -> str:
    """``text`` as anybody may read it: phones, numbers of identity, plates, doors and the given ``names`` masked."""
    text = mask_inline(text)
    for name in sorted((n for n in names if len(n) > 1), key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    text = _SELF.sub(lambda found: found[1] + mask_name(found[2]), text)
    text = _PLATE.sub(r"\1*****", text)
    return _ROOM.sub(r"\1 **", _DOOR.sub("**", text))


def roughly(degrees: float) -> float:
    """A coordinate to three places: some hundred metres, so that a public map does not point at a door."""
    return round(degrees, SHARP)
