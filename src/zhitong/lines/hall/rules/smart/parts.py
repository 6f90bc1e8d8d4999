"""What the smart form 小智帮办 is declared with: kinds of change, what they ask, and what is found wrong.

A kind of change is one ``ChangeKind``: its questions, what the firm is afterwards, what the forms say of it, its own checks, and
the documents it needs besides those that every application has.  Nothing else knows the kinds one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhitong.base.moments import dated
from zhitong.kernel.register.public import NewFirm

CHANGE, FILING = "change", "filing"
Values = Mapping[str, Any]
Row = tuple[str, str, str]  # what, as registered, as it will be


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.  ``reads``: text, long, money (in 万元, kept in yuan), day, choice, name, citizen, credit, phone, division or rows.

    Rows have ``columns``, questions themselves.  ``only`` names a choice of another question, (slug, value), under which it is asked.
    ``starts`` gives what is there already from the firm's registered facts.
    """

    slug: str
    label: Any
    reads: str = "text"
    is_needed: bool = True
    choices: tuple[tuple[str, Any], ...] = ()
    columns: tuple["Ask", ...] = ()
    help: Any = ""
    only: tuple[str, str] | None = None
    starts: Callable[[NewFirm], Any] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend before it can be submitted: the question it is about (``transfers-0-amount`` within rows), and what to do."""

    field: str
    message: Any


@dataclass(frozen=True, slots=True)
class World:
    """What the rules cannot know by themselves."""

    today: date
    is_name_taken: Callable[[str], bool]
    is_in_district: Callable[[str], bool]
    street_of: Callable[[str], str] = field(default=lambda code: "")


@dataclass(frozen=True, slots=True)
class Case:
    """One application, read: the firm as registered and as it will be, the kinds chosen, and the answers as values."""

    before: NewFirm
    after: NewFirm
    kinds: tuple["ChangeKind", ...]
    values: Values

    @property
    def slugs(self) -> frozenset[str]:
        """The kinds by name."""
        return frozenset(kind.slug for kind in self.kinds)


def unchanged(firm: NewFirm, values: Values) -> NewFirm:
    """A filing that leaves what is registered as it is."""
    return firm


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """One kind of change.  ``apply`` makes the firm of afterwards; ``rows`` is what the application form says of it; ``resolved`` the
    sentences of the resolution, without one where none is needed; ``in_charter``: the articles are amended, too; ``documents`` are
    slugs of those it needs of its own; ``called`` is its word in an item's own question 变更事项.
    """

    slug: str
    label: Any
    group: str
    asks: tuple[Ask, ...]
    rows: Callable[[NewFirm, NewFirm, Values], Sequence[Row]]
    apply: Callable[[NewFirm, Values], NewFirm] = unchanged
    resolved: Callable[[NewFirm, NewFirm, Values], Sequence[str]] | None = None
    check: Callable[[NewFirm, NewFirm, Values, World], Sequence[Finding]] | None = None
    in_charter: bool = False
    documents: tuple[str, ...] = ()
    help: Any = ""
    called: str = "其他"


KINDS: dict[str, ChangeKind] = {}


def declare_change(*kinds: ChangeKind) -> None:
    """Tell of kinds of change, in the order in which they are offered and applied; the same slug twice is a mistake in code."""
    for kind in kinds:
        if KINDS.setdefault(kind.slug, kind) != kind:
            raise ValueError(f"kind of change {kind.slug} is declared twice")


def day_text(value: date | None) -> str:
    """As the forms write a day."""
    return dated(value, "zh")


def term_text(until: date | None) -> str:
    """As the forms write the end of a term."""
    return f"至{day_text(until)}" if until else "长期"


def money(value: Any) -> Decimal:
    """A sum that was read, or nothing."""
    return value if isinstance(value, Decimal) else Decimal(0)
