"""What lines put on the phone of grid workers: kinds of entries, which wait there for the network, and lists of what is to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import MOST_FILES, Upload

from .forms import FilesField, PhotosInput, RefusableForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a phone's queue.  ``said_at`` is by the phone's clock, which goes ahead by ``clock_off`` seconds."""

    key: UUID
    kind: str
    fields: Mapping[str, Any]
    said_at: datetime
    clock_off: int
    photos: Sequence[Upload] = ()
    after: Sequence[Upload] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    digest: bytes = b""
    worked_at: datetime | None = None

    @property
    def happened_at(self) -> datetime:
        """When it was written down, by the server's clock; what the phone claims, and no more than that."""
        return self.said_at - timedelta(seconds=self.clock_off)

    def done_at(self, at: datetime) -> datetime:
        """When it was done, as far as that is believed (``worked_at``); otherwise now, when it arrived."""
        return min(self.worked_at or at, at)


class PlacedEntryForm(RefusableForm):
    """Something at the place where the phone is."""

    grid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Half a point is none."""
        said = super().clean() or self.cleaned_data
        if said.get("lon") is None or said.get("lat") is None:
            said |= {"lon": None, "lat": None}
        return said


def photos_field(label: Any) -> FilesField:
    """Photos, taken on the spot where the phone has a camera."""
    camera = PhotosInput(attrs={"capture": "environment"})
    return FilesField(label=label, required=False, widget=camera, most=MOST_FILES)


@dataclass(frozen=True, slots=True)
class EntryKind:
    """``form`` reads what a phone sends; ``take(entry, by, at)`` does it, in the transaction that notes that it came, and gives back what the
    phone is told.  It raises ``Refused`` for what cannot be, ``Overtaken`` where somebody else was first.  ``largest``: files of any sort come
    with it, by name, up to so many bytes each; ``take`` looks at them."""

    slug: str
    label: Any
    form: type[forms.Form]
    take: Callable[[Entry, Actor, datetime], dict[str, Any]]
    largest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One row of a list on the phone: ``fields`` fill its form, ``choices`` its selects (an empty one: only a note); ``needs`` names what
    must be photographed (``photos``, ``after``) for which answers of the first select, or always where there is none.  While an entry of
    it waits, it is not opened again, unless ``is_once`` says otherwise.  ``point`` is where it is.  ``setup`` (the same for many rows) and
    ``known`` (of this one) are for the screen's own script."""

    id: str
    title: str
    text: str
    fields: Mapping[str, str]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_once: bool = True
    point: tuple[float, float] | None = None
    setup: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Walker:
    """Who asks for a list, when, and the grids that are theirs today."""

    by: Actor
    at: datetime
    grids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class PhoneList:
    """What is to do of one sort: the rows of a worker, each done with an entry of ``kind``, whose form is the screen.

    ``rows(walker, first, many)`` is a part of them, what lies in the own grids first; ``stamp(walker)`` tells how many there are and something that
    is new whenever one of them is.  Without a stamp the list is short, and read whole.  A screen of its own: ``template`` with what it is drawn
    from, ``script`` a module with ``open(frame, row, kit)`` and ``prepare(rows, kit)``, ``style`` its sheet (``fieldwork``: todo.js)."""

    kind: str
    label: Any
    hint: Any
    submit: Any
    rows: Callable[[Walker, int, int], Sequence[Todo]]
    stamp: Callable[[Walker], tuple[int, Any]] | None = None
    template: str = ""
    script: str = ""
    style: str = ""


_kinds: dict[str, EntryKind] = {}
_lists: dict[str, PhoneList] = {}


def declare_entry(*kinds: EntryKind) -> None:
    """Tell the phone what may be entered on it."""
    _kinds.update({one.slug: one for one in kinds})


def declare_phone_list(*lists: PhoneList) -> None:
    """Tell the phone of something to do; its kind of entry is declared as well."""
    _lists.update({one.kind: one for one in lists})


def entry_kinds() -> Mapping[str, EntryKind]:
    """All of them, by slug."""
    return _kinds


def phone_lists() -> list[PhoneList]:
    """In the order in which they were declared."""
    return list(_lists.values())
