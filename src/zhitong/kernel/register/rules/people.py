"""Pure rules of the register."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from zhitong.base import citizen
from zhitong.base.text import clean

_EMAIL = re.compile(r"[^@\s<>\"',;:\\()\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,180}[a-z0-9])?\.[a-z]{2,24}")
LONGEST_NAME = 60
LONGEST_EMAIL = 90
T = TypeVar("T", bound="HasName")


class HasName(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody as they gave themselves; every part may be missing."""

    name: str = ""
    phone: str = ""
    email: str = ""
    citizen_id: str = ""

    @property
    def is_nobody(self) -> bool:
        """Nothing was given at all: an anonymous report."""
        return not (self.name or self.phone or self.email or self.citizen_id)


@dataclass(frozen=True, slots=True)
class Given(NewPerson):
    """A ``NewPerson`` after checking, each part in the one spelling that is stored."""


def email(text: str) -> str | None:
    """An e-mail address in lower case, or None when it is not one."""
    address = clean(text).lower()
    fits = len(address) <= LONGEST_EMAIL and ".." not in address
    return address if fits and _EMAIL.fullmatch(address) else None


def check(new: NewPerson) -> tuple[Given, list[str]]:
    """``new`` in the spelling that is stored, and the names of the parts that are wrong (name, phone, …)."""
    name = clean(new.name).replace("\n", " ")
    parts = {
        "phone": citizen.phone(new.phone) if new.phone.strip() else "",
        "email": email(new.email) if new.email.strip() else "",
        "citizen_id": citizen.citizen_id(new.citizen_id) if new.citizen_id.strip() else "",
    }
    wrong = [field for field, value in parts.items() if value is None]
    if len(name) > LONGEST_NAME:
        wrong.insert(0, "name")
    return Given(name=name, **{field: value or "" for field, value in parts.items()}), wrong


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return "".join(name.split()).casefold()


def choose(name: str, candidates: Sequence[T]) -> T | None:
    """Which of the people reached under one number this is: the same name, or whoever fits when a name is missing.

    One phone often serves a household, so another name is another person.
    """
    key = name_key(name)
    if not key:
        return candidates[0] if candidates else None
    same = (one for one in candidates if name_key(one.name) == key)
    nameless = (one for one in candidates if not one.name)
    return next(same, None) or next(nameless, None)


def identity(given: Given) -> str:
    """What tells this person apart from all others, as text for a keyed digest; "" when nothing does."""
    if given.citizen_id:
        return f"citizen {given.citizen_id}"
    number = given.phone or given.email
    return f"{number} {name_key(given.name)}" if number else ""


def mask_email(address: str) -> str:
    """``zh***@example.com``."""
    local, _at, host = address.partition("@")
    return f"{local[: 2 if len(local) > 3 else 1]}***@{host}"


def kinds(given: Given) -> Iterable[tuple[str, str]]:
    """The contacts given, as (kind, value)."""
    return ((kind, value) for kind, value in (("phone", given.phone), ("email", given.email)) if value)
