"""Surveys in the queue of a phone: sent once, shown where somebody else was first, counted on the day they were filled in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.district import BY
from zhitong.base.errors import Conflict, Overtaken, Refused
from zhitong.ui.public import Entry, Todo, Walker, entry_kinds, phone_lists

from ..actions import surveys
from ..models import Answer, Survey, Target
from .conftest import ANSWER, Place

pytestmark = pytest.mark.django_db
OTHER = ANSWER.replace("uuid:one", "uuid:two").replace("王小明</holder>", "李芳</holder>")


def enter(
    place: Place, target: Target, xml: str = ANSWER, *, seen: str = "", worked_at: datetime | None = None
) -> None:
    """As the phone of the grid worker sends it."""
    kind = entry_kinds()["survey_answer"]
    form = kind.form({"target": str(target.pk), "version": seen, "answered": "填了9题"})
    assert form.is_valid(), form.errors
    at = timezone.now()
    files = {"xml_submission_file": xml.encode()}
    entry = Entry(
        key=uuid4(), kind=kind.slug, fields=form.cleaned_data, said_at=at, clock_off=0, files=files, worked_at=worked_at
    )
    kind.take(entry, place.actor("grid"), at)


def miss(place: Place, target: Target, note: str) -> None:
    kind = entry_kinds()["survey_missed"]
    at, fields = timezone.now(), {"target": target.pk, "note": note}
    kind.take(Entry(key=uuid4(), kind=kind.slug, fields=fields, said_at=at, clock_off=0), place.actor("grid"), at)


def walker(place: Place, **more: Any) -> Walker:
    return Walker(place.actor("grid"), timezone.now(), **more)


def todo(place: Place) -> list[Todo]:
    (one,) = (one for one in phone_lists() if one.kind == "survey_answer")
    return list(one.rows(walker(place), 0, 500))


def stamp(place: Place) -> tuple[int, Any]:
    (one,) = (one for one in phone_lists() if one.kind == "survey_answer")
    assert one.stamp
    return one.stamp(walker(place))


def test_the_phone_takes_along_what_nobody_has_answered(place: Place, django_assert_max_num_queries: Any) -> None:
    survey = place.survey()
    with django_assert_max_num_queries(8):
        (row,) = todo(place)  # that of the own street
    assert (row.title, row.fields, row.setup["files"]) == ("1号楼", {"target": row.id, "version": ""}, [])
    assert survey.name in row.text
    count, first = stamp(place)
    assert (count, stamp(place)) == (1, (1, first))
    miss(place, place.target(survey), "三次上门无人")
    (row,) = todo(place)
    assert "未能填报：三次上门无人" in row.text
    assert stamp(place)[1] != first
    surveys.extend(survey.pk, survey.ends_on + timedelta(days=1), by=BY, at=timezone.now())
    assert len({str(first), str(stamp(place)[1])}) == 2
    enter(place, place.target(survey))
    assert (todo(place), stamp(place)[0]) == ([], 0)


def test_who_comes_second_is_shown_who_answered(place: Place) -> None:
    target = place.target(place.survey())
    enter(place, target)
    with pytest.raises(Overtaken) as told:
        enter(place, target, OTHER)
    assert told.value.fields["answered"].endswith("填报")
    assert Answer.objects.count() == 1
    enter(place, target, OTHER, seen=str(told.value.version))
    assert sorted(one.values["holder"] for one in Answer.objects.all()) == ["李芳", "王小明"]
    enter(place, target)  # the same once more: known, whatever came since
    assert Answer.objects.count() == 2


def test_an_answer_of_the_last_day_is_taken_the_next_morning(place: Place) -> None:
    survey, at = place.survey(), timezone.now()
    days = {"starts_on": timezone.localdate() - timedelta(days=5), "ends_on": timezone.localdate() - timedelta(days=1)}
    Survey.objects.filter(pk=survey.pk).update(**days)
    target = place.target(survey)
    with pytest.raises(Conflict, match="已经结束"):
        enter(place, target)
    yesterday = at - timedelta(days=1)
    enter(place, target, worked_at=yesterday)
    target.refresh_from_db()
    assert target.state_at == yesterday == Answer.objects.get().given_at
    Survey.objects.filter(pk=survey.pk).update(ended_at=at - timedelta(hours=1))
    enter(place, target, OTHER, seen=yesterday.isoformat(), worked_at=yesterday)  # it was ended after that
    surveys.destroy(survey.pk, by=BY, at=at)
    with pytest.raises(Conflict, match="已经结束"):
        enter(place, target, ANSWER.replace("uuid:one", "uuid:three"), worked_at=yesterday)


def test_what_the_form_does_not_allow_is_refused_and_leaves_nothing(place: Place) -> None:
    target = place.target(place.survey())
    for wrong in ("", ANSWER.replace("<phone>13800000000", "<phone>138")):
        with pytest.raises(Refused):
            enter(place, target, wrong)
    target.refresh_from_db()
    assert (Answer.objects.count(), target.state) == (0, "open")
