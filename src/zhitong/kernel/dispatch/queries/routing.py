"""Where a matter goes: by the first routing rule that applies, else by the duty list; and what a rule would have changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Kept
from zhitong.kernel.matters.public import Matter, visible_matters
from zhitong.kernel.organisation.public import Answer, DutyRole, category_paths, organ_names, responsible

from ..choices import RuleState
from ..models import RoutingRule, RuleUse
from ..rules.routing import ANONYMOUS, NAMED, REPEAT, Facts, When, applies, when_from
from .company import Company, company_in, company_of

MARK = "routing"
NOBODY = Company()
MONTH = timedelta(days=30)
MOST_TRIED, MOST_LISTED = 50_000, 200


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule as it is asked."""

    id: UUID
    name: str
    position: int
    version: int
    when: When
    organ_id: UUID | None
    urgency: str
    to_person: bool


def ruled(row: RoutingRule) -> Ruled:
    """A row, made ready to be asked."""
    return Ruled(
        row.pk, row.name, row.position, row.version, when_from(row.when), row.organ_id, row.urgency, row.to_person
    )


def _build(kind: str) -> list[Ruled]:
    return [ruled(row) for row in RoutingRule.objects.filter(kind=kind, state=RuleState.ON).order_by("position", "pk")]


_rules: Kept[list[Ruled]] = Kept(MARK, _build)


def rules_on(kind: str) -> list[Ruled]:
    """The rules that are switched on, in their order."""
    return _rules.get(kind)


def asks_company(rules: Iterable[Ruled]) -> bool:
    """Whether any of them asks who else says the same."""
    return any(rule.when.asks_company for rule in rules)


def facts_of(matter: Matter, category_id: UUID | None, company: Company = NOBODY) -> Facts:
    """What rules ask of a matter, were it of this category; ``company`` where one of them asks for it."""
    path = category_paths([category_id]).get(category_id, ()) if category_id else ()
    people = {NAMED if matter.reporter_id else ANONYMOUS} | ({REPEAT} if company.before else set())
    text = f"{matter.title}\n{matter.text}"
    at = timezone.localtime(matter.opened_at)
    return Facts(path, matter.path, text, at, matter.channel, frozenset(people), company.people)


def applying(matter: Matter, category_id: UUID | None) -> list[Ruled]:
    """The rules that apply, the one that decides first.  No query beyond the mark, and one where a rule asks who else says the same."""
    rules = rules_on(matter.kind)
    if not rules:
        return []
    facts = facts_of(matter, category_id, company_of(matter) if asks_company(rules) else NOBODY)
    return [rule for rule in rules if applies(rule.when, facts)]


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a matter should go, and why.  ``rule`` decides before the duty list; ``others`` apply too and come after it."""

    answers: list[Answer]
    rule: Ruled | None = None
    others: tuple[Ruled, ...] = ()

    @property
    def lead(self) -> Answer | None:
        """Who leads by the duty list."""
        return next((one for one in self.answers if one.role == DutyRole.LEAD), None)

    @property
    def lead_id(self) -> UUID | None:
        """The organ to send it to, if rule or duty list name one."""
        if self.rule and self.rule.organ_id:
            return self.rule.organ_id
        return self.lead.organ_id if self.lead else None

    @property
    def lead_name(self) -> str:
        """Its name; "" for none."""
        lead = self.lead_id
        return organ_names([lead]).get(lead, "") if lead else ""

    @property
    def co_ids(self) -> list[UUID]:
        """Who helps by the duty list."""
        return [one.organ_id for one in self.answers if one.role == DutyRole.CO and one.organ_id != self.lead_id]

    @property
    def why(self) -> str:
        """The reason in one sentence; "" where nothing names an organ."""
        if self.rule and self.rule.organ_id:
            names = {"rule": self.rule.name, "n": self.rule.version, "organ": self.lead_name}
            return _("按分派规则“%(rule)s”（第%(n)s版）转%(organ)s。") % names
        return self.lead.why if self.lead else ""

    @property
    def notes(self) -> list[str]:
        """What else there is to say of the rules that apply."""
        found = []
        if (
            self.lead
            and self.lead.organ_id == self.lead_id
            and self.lead.since
            and not (self.rule and self.rule.organ_id)
        ):
            found.append(_("依据的是自%(day)s起执行的职责。") % {"day": self.lead.since})
        if self.rule and self.rule.urgency:
            found.append(_("分派规则“%(rule)s”：进入紧急通道。") % {"rule": self.rule.name})
        if self.rule and self.rule.to_person:
            found.append(_("分派规则“%(rule)s”：须由人转办，不自动转。") % {"rule": self.rule.name})
        if self.others:
            names = _("、").join(f"{one.position}. {one.name}" for one in self.others)
            found.append(_("还有规则也符合，但排在后面，没有采用：%(names)s。") % {"names": names})
        return found


def route(matter: Matter, category_id: UUID | None, at: datetime) -> Routed:
    """Where the matter goes, were it of this category, if it is passed on at that moment."""
    return _routed(applying(matter, category_id), category_id, matter.division_id, at)


def route_text(kind: str, facts: Facts, category_id: UUID | None, division_id: UUID | None, at: datetime) -> Routed:
    """`route` of what is no matter yet, by what is known of it."""
    rules = [rule for rule in rules_on(kind) if applies(rule.when, facts)]
    return _routed(rules, category_id, division_id, at)


def _routed(rules: Sequence[Ruled], category_id: UUID | None, division_id: UUID | None, at: datetime) -> Routed:
    answers = responsible(category_id, division_id, timezone.localdate(at), at) if category_id else []
    return Routed(answers, rules[0] if rules else None, tuple(rules[1:]))


@dataclass(frozen=True, slots=True)
class Line:
    """A rule on the page, how often it was asked in the last month, how often followed, and when last."""

    row: RoutingRule
    uses: int
    followed: int
    automatic: int
    last: datetime | None


def rule_lines(kind: str, at: datetime) -> list[Line]:
    """All rules of a kind in their order.  Two queries."""
    since = at - MONTH
    counted = RuleUse.objects.filter(rule__kind=kind, at__gte=since).order_by().values("rule")
    rows = counted.annotate(
        n=Count("pk"),
        f=Count("pk", filter=Q(is_followed=True)),
        a=Count("pk", filter=Q(is_automatic=True)),
        last=Max("at"),
    )
    uses = {row["rule"]: (row["n"], row["f"], row["a"], row["last"]) for row in rows}
    found = RoutingRule.objects.filter(kind=kind).select_related("organ").order_by("position", "pk")
    return [Line(row, *uses.get(row.pk, (0, 0, 0, None))) for row in found]


def rule_of(rule_id: UUID) -> RoutingRule:
    """One rule; NotFound for none."""
    row = RoutingRule.objects.select_related("organ").filter(pk=rule_id).first()
    if row is None:
        raise NotFound("no_rule", _("没有这条分派规则。"))
    return row


@dataclass(slots=True)
class DryRun:
    """What a rule would have changed among the matters that came in in the last month.

    ``matched``: it applies to them; ``before``: of these an earlier rule decides; ``moves``: (from organ, to organ): how many would
    have gone elsewhere; ``same``: they went where it says anyway; ``listed``: the newest of those that ``by`` may see.
    """

    n: int = 0
    matched: int = 0
    before: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[UUID | None, UUID | None]] = field(default_factory=Counter)
    same: int = 0
    is_cut: bool = False
    listed: list[Matter] = field(default_factory=list)

    @property
    def elsewhere(self) -> int:
        """How many would have gone elsewhere."""
        return sum(self.moves.values())


_FIELDS = ("pk", "title", "category_id", "path", "opened_at", "channel", "reporter_id", "lead_id", "kind")
_COMPANY = ("belonging__before", "belonging__people")


def dry_run(rule: RoutingRule, at: datetime, by: Actor) -> DryRun:
    """Ask a rule, in its place among those that are on, about every matter of the last month."""
    mine = ruled(rule)
    earlier = [one for one in rules_on(rule.kind) if one.position < rule.position and one.id != rule.pk]
    needs_text = any(one.when.words or one.when.without for one in (mine, *earlier))
    needs_company = asks_company((mine, *earlier))
    found, moved = DryRun(), list[UUID]()
    for matter in _last_month(rule.kind, at, needs_text, needs_company):
        found.n += 1
        facts = facts_of(matter, matter.category_id, company_in(matter) if needs_company else NOBODY)
        if applies(mine.when, facts):
            _ask(matter, facts, mine, earlier, found, moved)
    found.is_cut = found.n >= MOST_TRIED
    seen = visible_matters(by).filter(pk__in=moved[: MOST_LISTED * 5]).select_related("lead", "area")
    found.listed = list(seen.defer("text", "tracking").order_by("-pk")[:MOST_LISTED])
    return found


def _last_month(kind: str, at: datetime, needs_text: bool, needs_company: bool) -> Iterator[Matter]:
    rows = Matter.objects.filter(kind=kind, opened_at__gte=at - MONTH, opened_at__lte=at, erased_at=None)
    fields = (*_FIELDS, *(["text"] if needs_text else []), *(_COMPANY if needs_company else []))
    rows = rows.select_related(*(["belonging"] if needs_company else [None])).only(*fields).order_by("-pk")[:MOST_TRIED]
    for matter in rows.iterator(chunk_size=2000):
        if not needs_text:
            matter.text = ""
        yield matter


def _ask(
    matter: Matter, facts: Facts, mine: Ruled, earlier: Sequence[Ruled], found: DryRun, moved: list[UUID]
) -> None:  # fmt: skip
    found.matched += 1
    if (first := next((one for one in earlier if applies(one.when, facts)), None)) is not None:
        found.before[first.name] += 1
    elif mine.organ_id and matter.lead_id != mine.organ_id:
        found.moves[(matter.lead_id, mine.organ_id)] += 1
        moved.append(matter.pk)
    else:
        found.same += 1
        if not mine.organ_id:
            moved.append(matter.pk)


def uses_of(rule: RoutingRule, most: int = 50) -> list[Any]:
    """The newest matters it was used for, with their numbers."""
    return list(RuleUse.objects.filter(rule=rule).select_related("matter").order_by("-at")[:most])
