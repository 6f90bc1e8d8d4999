"""The page of what the duty list leaves open: by hour, narrowed, with a way to mend it, as a workbook."""

import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.district import BY, District
from zhitong.kernel.organisation import public as organisation

PAGE = reverse("portal:setup_duties")


@pytest.fixture
def by_day(district: District) -> District:
    """In one street the bureau answers, by day; nobody in the other."""
    organisation.Duty.objects.all().delete()
    organisation.set_duty(
        organ_id=district.organs["bureau"].pk, category_id=None, division_id=district.streets["street"], hours="6:00-22:00",
        valid_from=date(2024, 1, 1), by=BY, at=timezone.now(),
    )  # fmt: skip
    return district


@pytest.mark.django_db
def test_nobody_answers_by_night(by_day: District) -> None:
    admin = by_day.client("admin")
    page = admin.get(PAGE).content.decode()
    assert "每天22:00至次日06:00" in page
    only = admin.get(PAGE, {"gap-when": "hours"}).content.decode()
    assert "每天22:00至次日06:00" in only
    assert "南山街道</td>" not in only
    there = admin.get(PAGE, {"gap-street": str(by_day.streets["elsewhere"])}).content.decode()
    assert "每天22:00至次日06:00" not in there.split("无人主办")[-1]
    assert f"division={by_day.streets['elsewhere']}" in there
    nonsense = admin.get(PAGE, {"gap-street": "x", "gap-top": "y", "gap-level": "z", "on": "1.1."})
    assert nonsense.status_code == 200


@pytest.mark.django_db
def test_an_answer_knows_the_hour(by_day: District) -> None:
    admin = by_day.client("admin")
    asked = {"category": str(by_day.category.pk), "division": str(by_day.streets["street"]), "on": "2026-03-02"}
    assert "城市管理局负责" in admin.get(PAGE, {**asked, "time": "12:00"}).content.decode()
    assert "职责清单中没有单位负责" in admin.get(PAGE, {**asked, "time": "23:00"}).content.decode()


@pytest.mark.django_db
def test_the_gaps_leave_as_a_workbook(by_day: District) -> None:
    answer = by_day.client("admin").get(reverse("portal:setup_gaps"), {"gap-when": "hours"})
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = [[cell.value for cell in row] for row in book["无人主办"].iter_rows(min_row=2)]
    assert rows
    assert {row[2] for row in rows} == {"22:00-06:00"}
