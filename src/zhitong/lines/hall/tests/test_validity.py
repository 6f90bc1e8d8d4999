"""How long what is issued holds: read as editors write it, on the paper, at the public check, to whoever applied."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhitong.base.errors import Refused
from zhitong.kernel.papers.public import Paper, Standing, made
from zhitong.kernel.papers.tests.reading import in_pdf
from zhitong.lines.hall.rules import missing, validity
from zhitong.lines.hall.rules.validity import Validity, last_day

from .cases import Desk, desk
from .factories import COMPLETE, MATERIALS, Hall, later

UNTIL = {"slug": "结束日期", "label": "到哪一天", "kind": "date"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None), ("长期", None), ("5年", Validity(60)), ("18个月", Validity(18)), ("6月", Validity(6)), ("2 years", Validity(24)),
        ("2027-12-31", Validity(until=date(2027, 12, 31))), ("至2027年12月31日", Validity(until=date(2027, 12, 31))),
        ("结束日期", Validity(question="结束日期")), ("2027-02-30", Validity()),
    ],
)  # fmt: skip
def test_what_editors_write(text: str, found: Validity | None) -> None:
    assert validity.parse(text) == found


@pytest.mark.parametrize(
    ("text", "issued", "until"),
    [
        ("5年", date(2026, 9, 7), date(2031, 9, 6)), ("1年", date(2024, 2, 29), date(2025, 2, 28)), ("1个月", date(2026, 1, 31), date(2026, 2, 28)),
        ("1个月", date(2026, 3, 1), date(2026, 3, 31)), ("12个月", date(2026, 1, 1), date(2026, 12, 31)), ("", date(2026, 1, 1), None),
        ("2027-12-31", date(2026, 1, 1), date(2027, 12, 31)), ("结束日期", date(2026, 1, 1), date(2026, 5, 4)), ("没问", date(2026, 1, 1), None),
    ],
)  # fmt: skip
def test_the_last_day(text: str, issued: date, until: date | None) -> None:
    assert last_day(text, issued, {"结束日期": "2026-05-04"}) == until


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [("", False), ("3年", False), ("结束日期", False), ("店名", True), ("0年", True), ("随便", True)],
)
def test_what_is_not_published(text: str, is_wrong: bool) -> None:
    asked: Any = [UNTIL, {"slug": "店名", "label": "店名"}]
    found = missing({**COMPLETE, "valid_for": text, "questions": asked}, MATERIALS)
    assert [one.field for one in found] == (["valid_for"] if is_wrong else [])


def licensed(place: Hall, **more: Any) -> Desk:
    return desk(place, result_paper="hall-licence", **more)


@pytest.mark.django_db
def test_on_the_paper_and_at_the_check_until_it_is_over(
    place: Hall, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = licensed(place, valid_for="1个月")
    done = counter.issued()
    paper = Paper.objects.get(matter=done.matter_id, slug="hall-licence")
    assert paper.valid_until == date(2026, 10, 6)
    assert "2026年10月6日" in in_pdf(made(paper).pdf)
    assert paper.standing(date(2026, 10, 6)) == Standing.VALID
    where = reverse("portal:checked", args=[paper.opened()["_code"]])
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(1))
    shown = client.get(where).content.decode()
    assert "2026年10月6日" in shown
    assert "已过有效期" not in shown
    client.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    assert "有效期至2026年10月6日" in client.get(reverse("hall:tracked", args=[done.number])).content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(31))
    assert "已过有效期" in client.get(where).content.decode()


@pytest.mark.django_db
def test_to_the_day_that_was_asked_for_and_not_after_it(place: Hall) -> None:
    counter = licensed(place, valid_for="结束日期", questions=[UNTIL])
    done = counter.issued(answers={"结束日期": "2026-09-20"})
    assert Paper.objects.get(matter=done.matter_id, slug="hall-licence").valid_until == date(2026, 9, 20)
    late = counter.decided(answers={"结束日期": "2026-09-20"}, is_another=True)
    with pytest.raises(Refused) as refused:
        counter.act(late.matter_id, "issue", counter.clerk, later(14))
    assert refused.value.code == "term_over"


@pytest.mark.django_db
def test_without_a_term_it_has_no_end(place: Hall) -> None:
    done = licensed(place).issued()
    paper = Paper.objects.get(matter=done.matter_id, slug="hall-licence")
    assert paper.valid_until is None
    assert "长期" in in_pdf(made(paper).pdf)
