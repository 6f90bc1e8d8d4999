"""What an action asks for: one declaration for the page's form, the API's schema and the check inside the engine."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.text import clean

MOST_ITEMS = 200


class Choose(StrEnum):
    """Where the values of a field come from."""

    ORGAN = "organ"
    STAFF = "staff"  # people of the own organ
    CATEGORY = "category"
    DIVISION = "division"
    MATTER = "matter"
    SUBKIND = "subkind"
    REASON = "reason"  # a listed reason; ``reasons`` names the list
    CHOICE = "choice"  # one of ``choices``
    OWN = "own"  # what ``own`` finds for the matter
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: its label, where its values come from, its limits.  Used inside ``Annotated``.

    ``own(matter)`` gives the (value, label) pairs of ``Choose.OWN``: what only this matter has.  ``names(values)`` says what
    was chosen of them once it can be chosen no more.  ``begins(matter, by)`` is the answer the form starts with; None where there is none.
    ``kept``: whether the answer is written down with the action; a secret that only proves who is there is not, nor what the line
    keeps in a row of its own.  ``is_sometimes``: some of the other answers make this one required.
    """

    label: Any
    choose: Choose | None = None
    choices: tuple[tuple[str, Any], ...] = ()
    reasons: str = ""
    phrases: str = ""
    help: Any = field(default="", hash=False)  # may look at the settings when it is read: not before
    own: Callable[[Any], Sequence[tuple[str, Any]]] | None = None
    names: Callable[[Collection[str]], Mapping[str, str]] | None = None
    begins: Callable[[Any, Any], Any] | None = None
    rows: int = 0
    most: int = 2000
    optional: bool = False
    kept: bool = True
    is_sometimes: bool = False


def written(payload: msgspec.Struct) -> dict[str, Any]:
    """What a record holds of a payload: all of it but what is not to be kept there."""
    said: dict[str, Any] = msgspec.to_builtins(payload)
    for name in _not_kept(type(payload)):
        said.pop(name, None)
    return said


@cache
def _not_kept(payload: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name, _bare, ask, *_rest in questions(payload) if not ask.kept)


def questions(payload: type[msgspec.Struct]) -> Iterator[tuple[str, Any, Ask, bool, Any]]:
    """(name, bare type, Ask, required, default) of each field of a payload, in order."""
    hints = get_type_hints(payload, include_extras=True)
    for info in msgspec.structs.fields(payload):
        hint = hints[info.name]
        bare, ask = hint, Ask(label=info.name)
        if get_origin(hint) is Annotated:
            bare, *extras = get_args(hint)
            ask = next(e for e in extras if isinstance(e, Ask))
        default = info.default if info.default is not msgspec.NODEFAULT else None
        if info.default_factory is not msgspec.NODEFAULT:
            default = info.default_factory()
        yield info.name, bare, ask, info.required, default


P = TypeVar("P", bound=msgspec.Struct)


def read(payload: type[P], data: Mapping[str, Any]) -> P:
    """Typed and checked payload; ``Refused`` names the field and says what to mend."""
    try:
        value = msgspec.convert(dict(data), payload, strict=False)
    except msgspec.ValidationError as error:
        raise Refused("invalid", _("填写内容有误，请检查后再提交。"), field=_field(str(error))) from error
    check(value)
    return value


def _field(message: str) -> str | None:
    """Name of the field in msgspec's message ("... - at `$.lead`" or "missing required field `lead`")."""
    if "`$." in message:
        return message.split("`$.")[1].split("`")[0].split(".")[0].split("[")[0]
    return message.split("`")[1] if "`" in message else None


def check(value: msgspec.Struct) -> None:
    """Clean every text in place, then refuse what is empty, too long or not among the choices."""
    for name, _bare, ask, required, _default in questions(type(value)):
        given = getattr(value, name)
        if isinstance(given, str):
            given = clean(given)
            setattr(value, name, given)
            _check_text(name, given, ask, required=required)
        if ask.choices and given not in (None, "") and given not in {slug for slug, _label in ask.choices}:
            raise Refused("not_a_choice", _("请从列表中选择。"), field=name)
        if isinstance(given, list) and len(given) > MOST_ITEMS:
            raise Refused("too_many", _("选择的项目太多。"), field=name)


def _check_text(name: str, given: str, ask: Ask, *, required: bool) -> None:
    if required and not given:
        raise Refused("required", _("此项必填。"), field=name)
    if len(given) > ask.most:
        raise Refused("too_long", _("内容过长，请精简后再提交。"), field=name)


def ids(value: msgspec.Struct, choose: Choose) -> list[UUID]:
    """Every id given for questions whose values come from ``choose``."""
    found: list[UUID] = []
    for name, _bare, ask, _required, _default in questions(type(value)):
        given = getattr(value, name)
        if ask.choose is choose and given:
            found.extend(given if isinstance(given, list) else [given])
    return found
