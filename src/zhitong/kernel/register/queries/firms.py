"""Firms: found by code or by name, and read with everybody who stands behind them."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhitong.base import citizen
from zhitong.base.errors import NotFound
from zhitong.base.holdings import Case, Fact, Held
from zhitong.base.text import clean, in_language, tsquery
from zhitong.kernel.accounts.public import Actor

from ..choices import ContactKind, FirmState
from ..models import Contact, Firm, FirmChange, Holder, Officer, Person
from ..permissions import VIEW_FIRMS
from ..rules import NewFirm, NewHolder, NewOfficer, NewPerson
from ..rules.sheet import FIRMS
from .people import contacts_of

PAGE, MOST_TYPED = 30, 60
REGISTERED = gettext_lazy("市场主体登记信息，企业存续期间及档案保管期限内保存（《市场主体登记管理条例》第三十六条）")


def find_firm(code: str) -> Firm | None:
    """The firm with this unified social credit code, however it is written; None when there is none or it is no code."""
    known = citizen.credit_code(code)
    return Firm.objects.filter(code=known).select_related("legal", "liaison").first() if known else None


def is_name_taken(name: str, but: UUID | None = None) -> bool:
    """Whether another firm that is not cancelled is called so."""
    rows = Firm.objects.filter(name=clean(name)).exclude(state=FirmState.CANCELLED)
    return (rows.exclude(pk=but) if but else rows).exists()


@dataclass(frozen=True, slots=True)
class FoundFirms:
    """A page of a search; ``after`` begins the next one, "" at the end."""

    rows: list[Firm]
    after: str


def search_firms(by: Actor, *, words: str = "", kind: str = "", state: str = "", after: str = "") -> FoundFirms:
    """Firms by code, from the code ``after`` on; ``words`` are of the name, or the start of a code.  Needs ``register.view_firms``."""
    by.demand(VIEW_FIRMS)
    rows = firms_matching(words=words, kind=kind, state=state).select_related("legal")
    if after:
        rows = rows.filter(code__gt=after)
    found = list(rows.order_by("code")[: PAGE + 1])
    return FoundFirms(found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else "")


def firms_matching(*, words: str = "", kind: str = "", state: str = "") -> QuerySet[Firm]:
    """Firms by words of the name or the start of a code, of a kind, in a state.  For code that asked who may."""
    rows, typed = Firm.objects.all(), clean(words)[:MOST_TYPED]
    if typed:
        rows = rows.filter(_called(typed))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(state=state) if state else rows


def _called(typed: str) -> Q:
    found = Q(code__startswith=typed.upper()) if typed.isascii() else Q(pk__in=[])
    if query := tsquery(typed):
        found |= Q(pk__in=RawSQL("SELECT id FROM register_firm WHERE words @@ %s::tsquery", [query]))
    return found


def firm_for(firm_id: UUID, by: Actor) -> Firm:
    """One firm with its people; ``NotFound`` where there is none.  Needs ``register.view_firms``."""
    by.demand(VIEW_FIRMS)
    return firm_in_full(firm_id)


def firm_in_full(firm_id: UUID) -> Firm:
    """One firm with holders, officers and their persons.  Three queries."""
    firm = firms_in_full().filter(pk=firm_id).first()
    if firm is None:
        raise NotFound("no_firm", _("没有登记这家企业，请核对统一社会信用代码。"))
    return firm


def firms_in_full() -> QuerySet[Firm]:
    """Firms with holders, officers and their persons.  Three queries for any number."""
    rows = Firm.objects.select_related("legal", "liaison", "division", "unit__building")
    return rows.prefetch_related("holders__person", "officers__person")


def people_of(firm: Firm) -> list[Person]:
    """Everybody of the firm once: legal representative, liaison, holders, officers."""
    members: Sequence[Holder | Officer] = [*firm.holders.all(), *firm.officers.all()]
    found = [firm.legal, firm.liaison, *(member.person for member in members)]
    return list({person.pk: person for person in found if person}.values())


def phone_of(person: Person | None) -> Contact | None:
    """The number under which they are told things: the preferred one."""
    if person is None:
        return None
    rows = contacts_of([person.pk]).get(person.pk, [])
    return next((row for row in rows if row.kind == ContactKind.PHONE), None)


def given_of(firm: Firm, contacts: Mapping[UUID, list[Contact]] | None = None) -> NewFirm:
    """What is known of the firm, numbers in clear: for its own documents and for comparing, not for pages.

    ``contacts`` are those of legal representative and liaison, for who has read them.
    """
    if contacts is None:
        contacts = contacts_of(reached_of(firm))

    def said(person: Person | None) -> NewPerson:
        if person is None:
            return NewPerson()
        rows = contacts.get(person.pk, [])
        first = {kind: next((row.value for row in rows if row.kind == kind), "") for kind in ContactKind.values}
        return NewPerson(person.name, first[ContactKind.PHONE], first[ContactKind.EMAIL], person.citizen_id)

    return NewFirm(
        code=firm.code, name=firm.name, kind=firm.kind, legal=said(firm.legal), liaison=said(firm.liaison), address=firm.address,
        established_on=firm.established_on, division_id=firm.division_id, capital=firm.capital, scope=firm.scope,
        term_until=firm.term_until, registered_by=firm.registered_by, state=firm.state,
        holders=tuple(
            NewHolder(h.name, h.amount, h.kind, h.person.citizen_id if h.person else h.number, h.way, h.due_on)
            for h in firm.holders.all()
        ),
        officers=tuple(
            NewOfficer(o.person.name, o.duty, o.person.citizen_id) for o in firm.officers.all() if o.person
        ),
    )  # fmt: skip


def reached_of(firm: Firm) -> list[UUID]:
    """Whose contacts belong to what is known of the firm: legal representative and liaison."""
    return [pk for pk in (firm.legal_id, firm.liaison_id) if pk]


def firms_of_person(person_id: UUID) -> QuerySet[Firm]:
    """The firms a person stands behind or answers for."""
    return Firm.objects.filter(
        Q(legal=person_id) | Q(liaison=person_id) | Q(holders__person=person_id) | Q(officers__person=person_id)
    ).distinct().order_by("code")  # fmt: skip


def people_of_firms() -> QuerySet[Person]:
    """Everybody a firm names, or named before a change that is kept: they stay registered as long as it does."""
    rows = Person.objects
    named = rows.filter(Q(pk__in=Firm.objects.filter(legal__isnull=False).values("legal")))
    named |= rows.filter(pk__in=Firm.objects.filter(liaison__isnull=False).values("liaison"))
    named |= rows.filter(pk__in=Holder.objects.filter(person__isnull=False).values("person"))
    named |= rows.filter(pk__in=Officer.objects.filter(person__isnull=False).values("person"))
    return named | rows.filter(pk__in=RawSQL("SELECT unnest(people) FROM register_firmchange", []))


def firms_held(case: Case) -> list[Held]:
    """The person's parts in firms: by law on public record while the firm is registered."""
    rows = list(firms_of_person(case.person_id).prefetch_related("holders", "officers"))
    once = FirmChange.objects.filter(people__contains=[case.person_id]).exclude(firm__in=[row.pk for row in rows])
    rows += Firm.objects.filter(pk__in=once.values("firm")).prefetch_related("holders", "officers").order_by("code")
    if rows and not case.is_unlawful:
        case.needed.append(REGISTERED)
    kept = "" if case.is_unlawful else REGISTERED
    return [Held(firm.pk, firm.name, firm.created_at, _parts(firm, case.person_id), kept=kept) for firm in rows]


def _parts(firm: Firm, person_id: UUID) -> list[Fact]:
    facts: list[Fact] = [(_("统一社会信用代码"), firm.code)]
    if firm.legal_id == person_id:
        facts.append((_("职务"), _("法定代表人")))
    if firm.liaison_id == person_id:
        facts.append((_("职务"), _("联络员")))
    facts += [(_("职务"), str(o.get_duty_display())) for o in firm.officers.all() if o.person_id == person_id]
    facts += [(_("认缴出资额（元）"), f"{h.amount:,.2f}") for h in firm.holders.all() if h.person_id == person_id]
    return facts if len(facts) > 1 else [*facts, (_("登记变更"), _("变更前后的登记信息中有其姓名"))]


def template_csv() -> str:
    """The headings of the table that ``import_firms`` takes, in the reader's language."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(in_language(column.label, column.label_en, get_language()) for column in FIRMS.columns)
    return "\ufeff" + out.getvalue()
