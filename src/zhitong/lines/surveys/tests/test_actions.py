"""Forms taken and published, surveys begun and ended, answers taken once and destroyed."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.district import BY
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.holdings import Case, holdings
from zhitong.kernel.events.public import Event
from zhitong.kernel.organisation.public import appoint, create_post
from zhitong.kernel.territory.public import Level, of_level

from .. import tasks
from ..actions import answers, exporting, forms, surveys, targets
from ..models import Answer, Form, Survey, Version
from ..queries import forms as reading
from ..queries import surveys as seen
from ..rules.examples import CENSUS, EPIDEMIC, workbook_of
from .conftest import ANSWER, Place

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def submit(place: Place, target, content: str = ANSWER, name: str = "grid") -> tuple[Answer, bool]:
    return answers.submit(target.pk, content.encode(), by=place.actor(name), at=now())


def test_a_workbook_becomes_a_draft_then_a_version_that_stays(place: Place) -> None:
    by = place.actor("admin")
    version = forms.take(workbook_of(EPIDEMIC), "入户.xlsx", by=by, at=now())
    assert (version.number, version.form.name, version.published_at) == (1, "疫情防控入户登记", None)
    with pytest.raises(Conflict):
        forms.take(workbook_of(EPIDEMIC), "入户.xlsx", by=by, at=now())
    second = forms.take(workbook_of(CENSUS), "改.xlsx", form_id=version.form_id, by=by, at=now())
    assert second.number == 2
    published = forms.publish(version.pk, by=by, at=now())
    assert forms.publish(version.pk, by=by, at=now()).published_at == published.published_at
    with pytest.raises(Conflict):
        forms.discard(version.pk, by=by, at=now())
    forms.discard(second.pk, by=by, at=now())
    assert reading.versions(by, version.form_id).count() == 1
    assert [one.pk for one in reading.published()] == [version.pk]
    assert (
        reading.workbook(by, version.pk)[1] == workbook_of(EPIDEMIC)
        or reading.workbook(by, version.pk)[0] == "入户.xlsx"
    )


def test_a_draft_that_was_all_takes_its_form_along(place: Place) -> None:
    version = forms.take(workbook_of(CENSUS), "a.xlsx", name="普查", by=BY, at=now())
    forms.discard(version.pk, by=BY, at=now())
    assert not Form.objects.exists()
    for missing in (forms.publish, forms.discard):
        with pytest.raises(NotFound):
            missing(version.pk, by=BY, at=now())
    with pytest.raises(NotFound):
        forms.take(workbook_of(CENSUS), "a.xlsx", form_id=version.form_id, by=BY, at=now())


def test_a_faulty_workbook_leaves_nothing(place: Place) -> None:
    with pytest.raises(forms.NotUsable) as caught:
        forms.take(b"PK", "a.xlsx", by=BY, at=now())
    assert caught.value.problems
    with pytest.raises(Refused):
        forms.take(b"%PDF-1.7", "a.xlsx", by=BY, at=now())
    assert not Version.objects.exists()


def test_only_who_may_design_does(place: Place) -> None:
    version = place.version()
    for name in ("grid", "worker", "leader"):
        by = place.actor(name)
        with pytest.raises(NotAllowed):
            forms.take(workbook_of(CENSUS), "a.xlsx", by=by, at=now())
        with pytest.raises(NotAllowed):
            reading.form(by, version.form_id)
        with pytest.raises(NotAllowed):
            place.survey(version=version.pk, by=by)


def test_without_targets_it_goes_to_every_grid(place: Place) -> None:
    grids = of_level(Level.GRID)
    if not grids:
        with pytest.raises(Refused):
            place.survey(targets=[])
        return
    assert place.survey(targets=[]).targets.count() == len(grids)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"ends_on": timezone.localdate() - timedelta(days=9)}, "days_wrong"), ({"version": "draft"}, "no_version")],
)
def test_what_cannot_be_begun(place: Place, more: dict[str, object], code: str) -> None:
    if more.get("version"):
        more = {"version": forms.take(workbook_of(CENSUS), "a.xlsx", by=BY, at=now()).pk}
    with pytest.raises(Refused) as caught:
        place.survey(**more)
    assert caught.value.code == code
    assert not Survey.objects.exists()


def test_too_many_targets(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "MOST_TARGETS", 1)
    with pytest.raises(Refused):
        place.survey()


def test_an_answer_is_taken_once_and_registers_whom_it_names(place: Place) -> None:
    survey = place.survey()
    target = place.target(survey)
    first, is_new = submit(place, target)
    again, is_new_again = submit(place, target)
    assert (is_new, is_new_again) == (True, False)
    assert first.pk == again.pk
    target.refresh_from_db()
    assert target.state == "done"
    assert first.values["member"][1]["temperature"] == "37.6"
    assert first.person_id
    assert "王小明".encode() not in bytes(first.sealed)
    assert Event.objects.filter(stream=survey.pk, kind="surveys.answered").count() == 1


def test_an_answer_that_was_changed_on_the_phone_meanwhile_is_put_right(place: Place) -> None:
    """The server had it, the phone had not heard so, and the worker corrected it before sending again."""
    survey = place.survey()
    target = place.target(survey)
    first, _is_new = submit(place, target)
    changed, is_new = submit(place, target, ANSWER.replace("<people>2</people>", "<people>3</people>"))
    assert (changed.pk, is_new, changed.values["people"]) == (first.pk, True, "3")
    assert Answer.objects.get().values["people"] == "3"
    kinds = Event.objects.filter(stream=survey.pk, kind__in=("surveys.answered", "surveys.changed")).order_by("seq")
    assert [one.kind for one in kinds] == ["surveys.answered", "surveys.changed"]
    other = submit(place, target, ANSWER.replace("uuid:one", "uuid:two"))[0]  # somebody else, since
    with pytest.raises(Conflict) as caught:
        submit(place, target, ANSWER.replace("<people>2</people>", "<people>4</people>"))
    assert (caught.value.code, other.by_label in str(caught.value)) == ("answered_since", True)
    assert Answer.objects.get(pk=first.pk).values["people"] == "3"


def test_nobody_answers_for_another_street(place: Place) -> None:
    survey = place.survey()
    with pytest.raises(NotFound):
        submit(place, place.target(survey, 1))
    with pytest.raises(NotAllowed):
        submit(place, place.target(survey), name="worker")
    assert [row.name for row in seen.targets(place.actor("grid"), survey)] == ["1号楼"]
    assert [row.name for row in seen.targets(place.actor("leader"), survey)] == ["1号楼", "2号楼"]
    with pytest.raises(NotFound):
        seen.own_target(place.actor("grid"), place.target(survey, 1).pk)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [("13800000000", "1", "answers_wrong"), ("uuid:one", "", "no_instance"), ("uuid:one", "u" * 81, "no_instance"),
     ('id="epidemic"', 'id="x"', "unreadable")],
)  # fmt: skip
def test_a_wrong_answer_leaves_nothing(place: Place, before: str, after: str, code: str) -> None:
    target = place.target(place.survey())
    with pytest.raises(Refused) as caught:
        submit(place, target, ANSWER.replace(before, after))
    assert caught.value.code == code
    assert not Answer.objects.exists()


def test_before_the_first_day_and_after_the_last(place: Place) -> None:
    today = timezone.localdate()
    version = place.version().pk
    early = place.survey(version=version, starts_on=today + timedelta(days=1))
    late = place.survey(version=version, starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    over = place.survey(version=version)
    surveys.end(over.pk, by=BY, at=now())
    for survey in (early, late, over):
        with pytest.raises(Conflict):
            submit(place, place.target(survey))
    surveys.extend(late.pk, today, by=BY, at=now())
    assert submit(place, place.target(late))[1]
    with pytest.raises(Refused):
        surveys.extend(late.pk, today - timedelta(days=30), by=BY, at=now())
    for wrong in (surveys.end, lambda pk, **by: surveys.extend(pk, today, **by)):
        with pytest.raises(Conflict):
            wrong(over.pk, by=BY, at=now())
        with pytest.raises(NotFound):
            wrong(version, by=BY, at=now())


def test_a_target_that_could_not_be_asked(place: Place) -> None:
    survey = place.survey()
    target, by = place.target(survey), place.actor("grid")
    with pytest.raises(Refused):
        answers.miss(target.pk, " ", by=by, at=now())
    answers.miss(target.pk, "三次上门无人", by=by, at=now())
    far = seen.progress(by, survey)
    assert (far.whole.total, far.whole.missed, far.whole.open) == (1, 1, 0)
    submit(place, target)
    with pytest.raises(Conflict):
        answers.miss(target.pk, "无人", by=by, at=now())
    assert seen.progress(by, survey).whole.share == 1.0


def test_progress_by_street_and_inside_one(place: Place) -> None:
    survey = place.survey()
    submit(place, place.target(survey))
    far = seen.progress(place.actor("leader"), survey)
    assert [(part.division, part.done, part.open) for part in far.parts] == [
        (place.streets[1], 0, 1),
        (place.streets[0], 1, 0),
    ]
    inside = seen.progress(place.actor("leader"), survey, inside=place.streets[0])
    assert (inside.whole.total, inside.whole.done) == (1, 1)
    assert seen.shares([survey.pk])[survey.pk].done == 1
    assert seen.progress(BY, survey, inside=survey.pk).whole.share == 0.0
    assert seen.next_open(BY, place.target(survey)) == place.target(survey, 1)


def test_progress_goes_down_to_the_grid_and_its_worker(place: Place) -> None:
    street, today = place.streets[0], timezone.localdate()
    community, grid = of_level(Level.COMMUNITY, street)[0], of_level(Level.GRID, street)[0]
    survey = place.survey(targets=[surveys.NewTarget("1号楼", grid.id), surveys.NewTarget("2号楼", place.streets[1])])
    seat = create_post(
        organ_id=place.district.organs["street"].pk,
        title="网格员",
        division_id=grid.id,
        valid_from=today,
        by=BY,
        at=now(),
    )
    worker = place.district.people["grid"].staff
    appoint(staff_id=worker.pk, post_id=seat.pk, valid_from=today, by=BY, at=now())

    def parts(inside: UUID | None) -> list[tuple[UUID | None, list[str]]]:
        found = seen.progress(place.actor("leader"), survey, inside=inside).parts
        return sorted(((one.division, one.who) for one in found), key=str)

    assert parts(None) == sorted(((one, []) for one in place.streets), key=str)
    assert parts(street) == [(community.id, [])]
    assert parts(community.id) == [(grid.id, [worker.name])]


def test_over_it_is_summed_up_and_destroyed(place: Place) -> None:
    today = timezone.localdate()
    survey = place.survey()
    submit(place, place.target(survey))
    answers.miss(place.target(survey, 1).pk, "王家一直无人", by=BY, at=now())
    with pytest.raises(Conflict):
        surveys.destroy(survey.pk, by=BY, at=now())
    Survey.objects.filter(pk=survey.pk).update(
        starts_on=today - timedelta(days=99), ends_on=today - timedelta(days=tasks.KEPT_DAYS + 1)
    )
    tasks.destroy_what_is_over()
    tasks.destroy_what_is_over()
    survey.refresh_from_db()
    rows = {row["label"]: row for row in survey.summary}
    assert rows["有无下列症状"]["chosen"] == [["都没有", 1], ["发热", 1], ["咳嗽", 1]]
    assert (rows["现居住人数"]["sum"], rows["今日体温（℃）"]["most"]) == (2.0, 37.6)
    assert "王小明" not in str(survey.summary)
    answer = Answer.objects.get()
    assert (bytes(answer.sealed), answer.person_id) == (b"", None)
    assert set(survey.targets.values_list("note", flat=True)) == {""}
    told = Event.objects.get(stream=survey.pk, kind="surveys.destroyed").data
    assert (told["answers"], len(told["digest"])) == (1, 64)
    surveys.destroy(survey.pk, by=BY, at=now())
    assert Event.objects.filter(stream=survey.pk, kind="surveys.destroyed").count() == 1


def test_answers_are_taken_away_by_whoever_may_read_them(place: Place) -> None:
    survey = place.survey()
    submit(place, place.target(survey))
    book = load_workbook(BytesIO(exporting.export(survey, by=place.actor("admin"), at=now()).read()))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:4] == ("对象", "填报时间", "填报人", "户主姓名")
    assert rows[1][0] == "1号楼"
    assert "王小明；王小红" in rows[1]
    assert Event.objects.filter(kind="surveys.exported").count() == 1
    with pytest.raises(NotAllowed):
        exporting.export(survey, by=place.actor("leader"), at=now()).read()


@pytest.mark.django_db(transaction=True)
def test_taking_answers_away_brings_its_own_transaction(place: Place) -> None:
    exporting.export(place.survey(), by=place.actor("admin"), at=now())
    assert Event.objects.filter(kind="surveys.exported").count() == 1


def test_what_is_held_of_a_person_is_shown_and_erased(place: Place) -> None:
    answer, _new = submit(place, place.target(place.survey()))
    assert answer.person_id
    holding = next(one for one in holdings() if one.slug == "surveys.answers")
    case = Case(answer.person_id, now(), lambda _kind, since: since)
    assert [held.title for held in holding.look(case)] == ["入户登记"]
    assert holding.erase(case, BY) == 1
    assert holding.look(case) == []


def test_targets_from_a_table(place: Place) -> None:
    good, bad = place.codes
    text = f"名称,编码\n1号楼,{good}\n1号楼,{good}\n,{good}\n2号楼,{bad}\n3号楼,000\n"
    found, wrong = targets.read_targets(text.encode(), place.streets[0])
    assert [(one.name, one.division) for one in found] == [("1号楼", place.streets[0])]
    assert [row.row for row in wrong] == [3, 4, 5, 6]
    for content in (b"", b"\xd0\xcf\x11\xe0" + b"x" * 50, b"one\ntwo\n"):
        with pytest.raises(Refused):
            targets.read_targets(content)


def test_whoever_reaches_a_target_sees_the_survey_in_the_list(place: Place) -> None:
    """Not only who designs them: a grid worker, the head of the street, who follows all; nobody of another street."""
    first = place.survey(name="东风路摸排", targets=[surveys.NewTarget("1号楼", place.streets[0])])
    second = place.survey(
        name="南山摸排", version=first.version_id, targets=[surveys.NewTarget("2号楼", place.streets[1])]
    )
    found = {name: set(seen.surveys(place.actor(name))) for name in ("admin", "leader", "grid", "head", "clerk")}
    assert found == {
        "admin": {first, second},
        "leader": {first, second},
        "grid": {first},
        "head": {first},
        "clerk": set(),
    }
    assert "东风路摸排" in place.district.client("grid").get("/desk/surveys/").content.decode()
