"""Whether two entries may be of one person: pure."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

ALIKE = 0.85
_NOISE = re.compile(r"[\s,，。、·\-—－#号]+")


@dataclass(frozen=True, slots=True)
class Sign:
    """What is known of somebody besides the name."""

    born_on: date | None = None
    has_number: bool = False
    address: str = ""


def is_likely(one: Sign, other: Sign) -> str:
    """Why two people of the same name may be one: ``birth``, ``place``, or "" where they are not.

    Two different birth dates, or two citizen ids (which were compared before), are two people.
    """
    if one.has_number and other.has_number:
        return ""
    if one.born_on and other.born_on:
        return "birth" if one.born_on == other.born_on else ""
    return "place" if is_same_place(one.address, other.address) else ""


def is_same_place(one: str, other: str) -> bool:
    """Whether two addresses are spelt nearly alike: one in the other, or little between them and the same numbers."""
    first, second = _NOISE.sub("", one), _NOISE.sub("", other)
    if not first or not second:
        return False
    if first in second or second in first:
        return True
    has_same_numbers = re.findall(r"\d+", one) == re.findall(r"\d+", other)
    return has_same_numbers and SequenceMatcher(None, first, second).ratio() >= ALIKE
