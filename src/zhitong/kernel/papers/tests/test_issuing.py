"""A paper is a small row: its number, what stands in it, its code."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhitong.base.errors import Conflict, NotFound
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters.tests.conftest import MONDAY, SYSTEM, Room
from zhitong.kernel.papers.models import Paper, Template
from zhitong.kernel.papers.public import (
    PAPERS,
    PaperKind,
    Standing,
    checked,
    grouped,
    issue,
    load_supplied,
    papers_of,
    revoke,
)

from .conftest import FACTS

pytestmark = pytest.mark.django_db


def issued(room: Room, **more: Any) -> Paper:
    matter = room.open().matter_id
    facts = FACTS | more.pop("facts", {})
    return issue("trial.licence", facts, **{"matter_id": matter, "by": SYSTEM, "at": MONDAY, **more})


def test_its_number_counts_within_the_matter(room: Room, kind: PaperKind) -> None:
    opened = room.open()
    first = issue("trial.licence", FACTS, matter_id=opened.matter_id, by=SYSTEM, at=MONDAY)
    second = issue("trial.licence", FACTS, matter_id=opened.matter_id, by=SYSTEM, at=MONDAY)
    assert [first.number, second.number] == [f"{opened.number}-01", f"{opened.number}-02"]
    assert first.digest != second.digest


def test_what_stands_in_it_is_sealed_and_the_log_holds_none_of_it(room: Room, kind: PaperKind) -> None:
    paper = issued(room)
    stored = Paper.objects.get(pk=paper.pk)
    assert "李四光".encode() not in bytes(stored.facts)
    assert stored.opened()["applicant"] == "李四光"
    event = stream(paper.matter_id).last()
    assert event is not None
    assert (event.kind, event.data["number"]) == ("paper.issued", paper.number)
    assert "李" not in str(event.data)


def test_the_template_that_ships_is_stored_once(room: Room, kind: PaperKind) -> None:
    assert issued(room).template_id == issued(room).template_id
    assert Template.objects.filter(paper=kind.slug).count() == 1


def test_it_costs_little(room: Room, kind: PaperKind) -> None:
    issued(room)
    matter = issued(room).matter_id
    with CaptureQueriesContext(connection) as caught:
        issue("trial.licence", FACTS, matter_id=matter, by=SYSTEM, at=MONDAY)
    assert len(caught) <= 7, [q["sql"][:80] for q in caught]


def test_a_code_finds_it_however_it_is_typed(room: Room, kind: PaperKind) -> None:
    paper = issued(room)
    code = paper.opened()["_code"]
    assert len(code) == 12
    for typed in (code, grouped(code), f"  {grouped(code).lower()} "):
        assert checked(typed) == paper
    assert checked(code[:-1] + ("2" if code[-1] != "2" else "3")) is None
    assert checked("") is None
    assert checked("x" * 10_000) is None


def test_what_it_is_worth(room: Room, kind: PaperKind) -> None:
    until = date(2027, 9, 7)
    paper = issued(room, facts={"valid_until": until})
    assert paper.standing(until) == Standing.VALID
    assert paper.standing(until + timedelta(days=1)) == Standing.EXPIRED
    assert issued(room, watermark="模拟").standing(until) == Standing.SIMULATED
    revoke(paper, "承诺内容不实", by=SYSTEM, at=MONDAY)
    assert Paper.objects.get(pk=paper.pk).standing(until) == Standing.REVOKED
    with pytest.raises(Conflict):
        revoke(paper, "再次", by=SYSTEM, at=MONDAY)


def test_who_may_see_it(room: Room, kind: PaperKind) -> None:
    paper = issued(room)
    assert papers_of(paper.matter_id, room.centre) == [paper]
    assert papers_of(paper.matter_id, room.stranger) == []


def test_mistakes_in_code_are_loud(room: Room, kind: PaperKind) -> None:
    with pytest.raises(ValueError, match="does not know"):
        issued(room, facts={"nonsense": 1})
    with pytest.raises(NotFound):
        issue("trial.licence", FACTS, matter_id=uuid7(), by=SYSTEM, at=MONDAY)


def test_every_template_that_ships_has_its_row_before_it_is_needed() -> None:
    for _again in range(2):
        load_supplied(at=MONDAY)
        assert set(Template.objects.values_list("paper", flat=True)) == set(PAPERS)
        assert Template.objects.count() == len(PAPERS)
