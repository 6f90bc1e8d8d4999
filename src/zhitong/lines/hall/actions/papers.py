"""The papers of an application, issued when it moves: in the same transaction, told by the events of its actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from zhitong.kernel.events.public import By, Happening
from zhitong.kernel.matters.public import Clock, Matter, Reason, Record
from zhitong.kernel.organisation.public import known_organ
from zhitong.kernel.papers.public import PAPERS, Issue, Paper, issue_many, revoke
from zhitong.kernel.register.public import Person

from ..choices import Delivery, Form, ItemKind, MaterialState, Outcome
from ..queries.handed import handed_of
from ..queries.versions import GRANTED, NOT_ACCEPTED, REFUSED, result_papers, with_version
from ..rules import validity

MARK = "模拟"


def follow(happenings: Sequence[Happening]) -> None:
    """What every event of an application brings with it.  Papers are Chinese, whoever acts."""
    with override("zh-hans"):
        desks = [_Desk(happening) for happening in happenings]
        for desk in desks:
            desk.write()
        _issue_all(desks)


def receipts(matters: Sequence[tuple[Matter, str]], *, by: By, at: datetime) -> None:
    """What is handed over when applications come in, each with the name of the applicant: the event of an opening is written before the
    application's own rows are there."""
    with override("zh-hans"):
        desks = []
        for matter, applicant in matters:
            matter.application.__dict__[_FRESH] = _Fresh(applicant)
            desks.append(_Desk(Happening("application.opened", matter.pk, "matter", at, by, {}, about=matter)))
            desks[-1].receive()
        _issue_all(desks)


_FRESH = "_fresh"


@dataclass(slots=True)
class _Fresh:
    """What is known of an application in hand that came in with this very change: the applicant's name, how many papers it has."""

    applicant: str
    papers: int = 0


def _issue_all(desks: Sequence["_Desk"]) -> None:
    """The papers of one actor and moment together."""
    for _same, group in groupby(desks, key=lambda desk: (id(desk.happening.by), desk.happening.at)):
        mine = list(group)
        wanted = [paper for desk in mine for paper in desk.wanted]
        if wanted:
            issue_many(wanted, by=mine[0].happening.by, at=mine[0].happening.at)


class _Desk:
    """One event, and what the papers that belong to it say; ``wanted`` are to be issued."""

    def __init__(self, happening: Happening) -> None:
        self.happening = happening
        self.applicant = ""
        self.move = happening.kind.partition(".")[2]
        self.data = happening.data
        self.wanted: list[Issue] = []

    def write(self) -> None:
        """Want what belongs to this move; most moves bring nothing."""
        is_decided, is_made = bool(self.data.get("outcome")), self.move in ("issue", "at_once")
        moves = {"correct", "not_accept", "revoke", "deliver", "confirm", "lapse"}
        if not (self.move in moves or self.data.get("accepted") or is_decided or is_made):
            return
        self._look()
        self._begun()
        if is_decided:
            is_granted = self.data["outcome"] == Outcome.APPROVED
            self._issue(GRANTED if is_granted else REFUSED, words=self._said("words"))
        if is_made:
            self._result()
        if self.move == "confirm" or self.data.get("way") not in (None, Delivery.MAIL):
            self._delivered()
        if self.move == "lapse":
            lacking = self._materials(MaterialState.MISSING, MaterialState.DEFERRED)
            self._issue("hall-lapsed", materials=lacking, deferred=self.data.get("why") == "deferred")
        if self.move == "revoke":
            self._revoked()

    def receive(self) -> None:
        """Want the receipt."""
        self._look()
        self._issue("hall-receipt", materials=self._materials())

    def _look(self) -> None:
        """The matter as the action that is told of has it in hand, or else as it is stored."""
        self.matter = self.happening.about or Matter.objects.select_related("application").get(pk=self.happening.stream)
        self.case = with_version(self.matter.application)
        self.fresh: _Fresh | None = self.case.__dict__.get(_FRESH)
        if self.fresh:
            self.applicant = self.fresh.applicant
        elif self.case.firm:
            self.applicant = self.case.firm.name
        elif self.matter.reporter_id:
            self.applicant = Person.objects.values_list("name", flat=True).get(pk=self.matter.reporter_id)

    def _begun(self) -> None:
        if self.data.get("accepted"):
            self._accepted()
        elif self.move == "correct":
            asked = self._materials(of=frozenset(self._record().get("materials", ())))
            self._issue("hall-correction", materials=asked, words=self._said("words"), due=self._due("correct"))
        elif self.move == "not_accept":
            reason = Reason.objects.filter(pk=self._said("reason")).values_list("name", flat=True).first()
            self._issue(NOT_ACCEPTED, reason=reason or "", words=self._said("words"))

    def _accepted(self) -> None:
        case, rows = self.case, self._materials()
        self._issue("hall-accepted", materials=rows, due=self._due("promised"), deferred=case.has_deferred)
        if case.is_simulated:
            return
        if case.has_deferred:
            self._issue("hall-deferral", materials=self._materials(MaterialState.DEFERRED), due=self._due("deferred"))
        if case.has_promised:
            self._issue("hall-commitment", materials=self._materials(MaterialState.PROMISED))

    def _result(self) -> None:
        """The paper that the version names; none where it names none."""
        slug = self.case.version.result_paper
        if slug in result_papers():
            until = validity.last_day(
                self.case.version.valid_for, timezone.localdate(self.happening.at), self.case.answers
            )
            self._issue(slug, result_number=self.case.result_number, valid_until=until)

    def _delivered(self) -> None:
        given = Paper.objects.filter(
            matter=self.matter.pk, slug__in=(*result_papers(), GRANTED, REFUSED), revoked_at=None
        )
        names = [str(PAPERS[slug].label) for slug in given.order_by("serial").values_list("slug", flat=True)]
        self._issue(
            "hall-service", papers="、".join(dict.fromkeys(names)) or self.case.version.result,
            way=str(Delivery(self.case.delivery).label) if self.case.delivery else "",
            tracking=self.case.tracking_number, taken_by=self._said("taken_by") or self._signed(),
        )  # fmt: skip

    def _signed(self) -> str:
        """Who has it where nobody was named: whoever took it at once, or said that it came; nobody when the time ran out."""
        return "申请人本人" if self.data.get("signed") else ""

    def _revoked(self) -> None:
        by, at = self.happening.by, self.happening.at
        given = Paper.objects.filter(matter=self.matter.pk, slug__in=(*result_papers(), GRANTED), revoked_at=None)
        for paper in given.filter(erased_at=None):
            revoke(paper, self._said("ground"), by=by, at=at)
        self._issue("hall-revocation", words=self._said("ground"))

    def _issue(self, slug: str, **facts: Any) -> None:
        known = {fact.slug for fact in PAPERS[slug].facts}
        mark = MARK if self.case.is_simulated and PAPERS[slug].may_be_marked else ""
        said = {name: value for name, value in (self._common() | facts).items() if name in known}
        place = None
        if self.fresh:
            place = self.matter.number, self.fresh.papers
            self.fresh.papers += 1
        self.wanted.append(Issue(slug, said, self.matter.pk, mark, place))

    def _common(self) -> dict[str, Any]:
        matter, version, organ = self.matter, self.case.version, known_organ(self.matter.lead_id)
        return {
            "applicant": self.applicant, "item": self.case.item.name, "case_number": matter.number,
            "organ": organ.name if organ else "", "applied_on": matter.opened_at,
            "basis": "、".join(line.strip() for line in version.basis.splitlines() if line.strip()),
            "is_permit": self.case.item.base.kind == ItemKind.PERMIT, "consult_phone": version.consult_phone,
            "complaint_phone": version.complaint_phone, "clerk": self.happening.by.label,
        }  # fmt: skip

    def _materials(self, *states: str, of: frozenset[str] = frozenset()) -> list[Mapping[str, Any]]:
        return [
            {
                "name": row.material.name, "form": Form(row.material.form).label, "copies": row.material.copies,
                "state": MaterialState(row.state).label,
            }
            for row in handed_of(self.matter)
            if (not states or row.state in states) and (not of or str(row.pk) in of)
            and (states or of or row.state != MaterialState.NOT_NEEDED)
        ]  # fmt: skip

    def _due(self, clock: str) -> Any:
        began = [one for one in self.data.get("clocks", ()) if (one["slug"], one["did"]) == (clock, "started")]
        if began:  # by this very move
            return datetime.fromisoformat(began[-1]["due_at"])
        rows = Clock.objects.filter(matter=self.matter.pk, slug=clock).order_by("-started_at")
        return rows.values_list("due_at", flat=True).first() or ""

    def _record(self) -> dict[str, Any]:
        """What was written down in the action."""
        found: dict[str, Any] | None = (
            Record.objects.filter(event=self.happening.id).values_list("data", flat=True).first()
        )
        return found or {}

    def _said(self, name: str) -> str:
        return str(self._record().get(name) or "")
