"""Searches of the guide that found nothing."""

import re
from datetime import date
from unicodedata import normalize

from django.db.models import QuerySet

from zhitong.base.text import clean, mask_inline
from zhitong.kernel.accounts.public import Actor

from ..models import Missed
from ..permissions import MANAGE
from .guide import FILLERS, Wanted, guide

MOST_WORDS = 20
TWICE = 2  # what one person typed once may be about that person
LISTED = 100
_NUMBERS = re.compile(r"\d{4,}|[@＠]")
_BREAKS = re.compile(r"[^\w]+")


def kept_words(typed: str) -> str:
    """What is kept of a search: short, without what says nothing; "" for what looks as if it told of somebody."""
    typed = normalize("NFKC", typed)
    words = clean(_BREAKS.sub(" ", FILLERS.sub(" ", clean(typed)))).lower()
    if not 1 < len(words) <= MOST_WORDS or _NUMBERS.search(words) or mask_inline(typed) != typed:
        return ""
    return words


def is_missed(words: str, on: date) -> bool:
    """Whether the guide finds nothing at all by these words."""
    return not guide(Wanted(words), on).rows


def missed(by: Actor) -> QuerySet[Missed]:
    """What was looked for more than once, most often first."""
    by.demand(MANAGE)
    return Missed.objects.filter(times__gte=TWICE).order_by("-times", "-last_at")
