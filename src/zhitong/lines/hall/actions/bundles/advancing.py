"""Carrying on: parts begin when what they need is decided, stop when it has failed, and the whole ends with its last part.

Safe to run any number of times: what is done follows from where the parts' own applications stand.  Locks, in this order: the matter
of the whole, its row, the rows of its parts, and where it is taken back the matters of parts; never the other way round.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.bulk import send
from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import Contact, Person

from ...choices import MaterialState, PartState
from ...models import BundleCase, BundlePart
from ...queries.bundles import in_force_by_code
from ...rules import bundles as rules
from ..cases import Given, Submission, submit
from ..judged import whole_served

BY = Actor.system("一件事")
log = logging.getLogger(__name__)
MOST = 200
GIVEN = ("closed", "not_accepted", "revoked")  # whoever applied had an answer
STIR = (
    "UPDATE hall_bundlepart SET is_stirred = true WHERE NOT is_stirred "
    "AND matter_id = ANY(ARRAY(SELECT given::uuid FROM json_array_elements_text($1) AS given))"
)


def stir(batch: Sequence[Happening]) -> None:
    """Something happened to applications: those that are parts are looked at soon (a subscriber of events)."""
    if ids := [
        one.stream for one in batch if one.stream_kind == "matter" and not one.is_first
    ]:  # a new one is no part yet
        with connection.cursor() as cursor:
            send(cursor, STIR, ids)


def advance_stirred(*, at: datetime) -> int:
    """Carry on whatever was stirred, each in a transaction of its own; how many there were."""
    ids = list(BundlePart.objects.filter(is_stirred=True).order_by("at").values_list("case", flat=True)[:MOST])
    for case_id in dict.fromkeys(ids):
        advance(case_id, at=at)
    return len(set(ids))


def advance(case_id: UUID, *, at: datetime) -> None:
    """Bring one application over several items as far as it can go now."""
    with transaction.atomic():
        m.Matter.objects.select_for_update(no_key=True).get(pk=case_id)
        case = BundleCase.objects.select_for_update(of=("self",)).select_related("matter", "version").get(pk=case_id)
        case.parts.filter(is_stirred=True).update(is_stirred=False)
        run = _Run(case, at)
        if case.is_open:
            run.go()
        else:
            run.look()
        run.ask()


class _Run:
    """One application over several items, locked."""

    def __init__(self, case: BundleCase, at: datetime) -> None:
        self.case, self.at = case, at
        self.definition = case.version.defined
        self.parts = {part.slug: part for part in self.definition.parts}
        self.rows = {row.slug: row for row in case.parts.select_related("item", "matter", "matter__application")}

    def look(self) -> None:
        """Look where the begun parts stand; once the whole has ended, nobody is told of them but by their own letters."""
        for slug, row in self.rows.items():
            if row.matter is not None and row.state in (PartState.OPEN, PartState.DONE):
                self._look(slug, row)

    def go(self) -> None:
        """Look, then stop and start others, until nothing changes."""
        self.look()
        for slug in rules.stoppable(self.definition.parts, self._states()):
            self._put(self.rows[slug], PartState.STOPPED)
            self._tell("part_stopped", self.rows[slug])
        for slug in rules.startable(self.definition.parts, self._states()):
            self._start(slug)
        self._hold()
        states = set(self._states().values())
        if states <= rules.FINAL:
            self._finish(is_done=PartState.DONE in states)

    def _hold(self) -> None:
        """The clock of the whole stands still as long as that of a part does."""
        begun = [row for row in self.rows.values() if row.matter is not None and row.state == PartState.OPEN]
        held = [row for row in begun if row.matter and rules.is_held(row.matter.stage, is_paused=row.matter.is_paused)]
        if held and not self.case.matter.is_paused:
            self._tell("part_held", held[0])
        if self.case.matter.is_paused and not held:
            m.act(self.case.pk, "go_on", {}, by=BY, at=self.at)

    def ask(self) -> None:
        """Ask once how it was, when nothing more comes and something has come."""
        begun = [row.matter for row in self.rows.values() if row.matter is not None]
        if self.case.is_open or any(matter.closed_at is None for matter in begun):
            return
        if any(matter.stage in GIVEN for matter in begun):
            whole_served(self.case.matter, by=BY, at=self.at)

    def _states(self) -> dict[str, str]:
        return {slug: row.state for slug, row in self.rows.items()}

    def _look(self, slug: str, row: BundlePart) -> None:
        matter = row.matter
        assert matter is not None
        state = rules.state_of(matter.stage, matter.outcome, self.parts[slug].gives)
        if state == row.state:
            return
        self._put(row, state)
        if state == PartState.DONE and (fact := self.parts[slug].gives):
            self.case.facts |= {fact: matter.application.result_number}
            self.case.save(update_fields=["facts"])
        if state == PartState.DONE:
            self._tell("part_done", row)
        elif state == PartState.FAILED:
            self._tell("part_failed", row, str(m.KINDS[matter.kind].by_slug[matter.stage].label))

    def _put(self, row: BundlePart, state: str, trouble: str = "") -> None:
        row.state, row.trouble, row.at = state, trouble[:300], self.at
        row.save(update_fields=["state", "trouble", "at", "matter"])

    def _tell(self, action: str, row: BundlePart, words: str = "") -> None:
        if not self.case.is_open:
            return
        data = {"part": row.item.name, "words": words}
        if row.matter_id and action == "part_begun":
            data["application"] = str(row.matter_id)
        m.act(self.case.pk, action, data, by=BY, at=self.at)

    def _start(self, slug: str) -> None:
        row = self.rows[slug]
        try:
            with transaction.atomic():
                done = submit(self._submission(slug, row), by=BY, at=self.at)
        except Refused as refused:
            log.warning("part %s of %s cannot begin: %s", slug, self.case.pk, refused.code)
            self._put(row, PartState.STUCK, str(refused))
            self._tell("part_stuck", row, str(refused))
            return
        row.matter = m.Matter.objects.get(pk=done.matter_id)
        self._put(row, PartState.OPEN)
        self._tell("part_begun", row)

    def _submission(self, slug: str, row: BundlePart) -> Submission:
        version = in_force_by_code([row.item.code], timezone.localdate(self.at)).get(row.item.code)
        form = version.form if version else ()
        asks = rules.one_form(self.definition, {slug: form})
        kept = self.case.materials
        return Submission(
            item_id=row.item_id, key=f"bundle:{self.case.pk}:{slug}", **self._applicant(), channel=self.case.matter.channel,
            answers=asks.of_part(slug, self.case.facts), signed=True, is_incomplete=True, is_another=True, is_part=True,
            materials={one.pk: self._given(kept[one.name]) for one in version.materials.all() if one.name in kept} if version else {},
            words=_("“%(whole)s”（编号%(number)s）的一部分") % {"whole": self.case.matter.title, "number": self.case.matter.number},
            delivery=self.case.delivery if version and self.case.delivery in version.delivery else "", deliver_to=self.case.deliver_to,
        )  # fmt: skip

    def _given(self, kept: Mapping[str, Any]) -> Given:
        files = m.Attachment.objects.filter(matter=self.case.pk, pk__in=kept["files"])
        state = kept["state"] if kept["state"] != MaterialState.HELD else ""
        return Given(state, [m.once_more(one) for one in files])

    def _applicant(self) -> dict[str, Any]:
        assert self.case.matter.reporter_id is not None
        person = Person.objects.get(pk=self.case.matter.reporter_id)
        values = {one.kind: one.value for one in Contact.objects.filter(person=person).order_by("-id")}
        return {
            "name": person.name, "citizen_id": person.citizen_id,
            "phone": values.get("phone", ""), "email": values.get("email", ""),
            "credit_code": self.case.firm.code if self.case.firm else "",
        }  # fmt: skip

    def _finish(self, *, is_done: bool) -> None:
        self.case.is_open = False
        self.case.save(update_fields=["is_open"])
        m.act(self.case.pk, "finish" if is_done else "give_up", {}, by=BY, at=self.at)
