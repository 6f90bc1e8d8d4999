"""What answers raise, the photos they bring, the files a form needs, and who reads an answer."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, photo
from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.kernel.events.models import Event
from zhitong.kernel.matters.public import Matter, Urgency, finding_subkinds

from ..actions import alarms, answers, forms, media, surveys
from ..models import Answer, Photo, Raised, Rule, folder_of
from ..rules.examples import workbook_of
from .conftest import ANSWER, Place

pytestmark = pytest.mark.django_db
DOORS = [
    ["type", "name", "label", "required", "calculation"],
    ["text", "holder", "户主", "", ""],
    ["image", "door", "门牌照片", "yes", ""],
]
DOOR = "<data id='doors'><holder>王小明</holder><door>a.jpg</door><meta><instanceID>{}</instanceID></meta></data>"


def rule(place: Place, form_id: Any, **more: Any) -> Rule:
    said = {
        "path": "/data/member/temperature",
        "crossing": "at_least",
        "bound": "37.3",
        "title": "发热人员",
        "urgency": Urgency.URGENT,
    }
    return alarms.add_rule(form_id, **{**said, "subkind": finding_subkinds()[0].pk, **more}, by=BY, at=timezone.now())


def doors(place: Place, rows: list[list[str]] = DOORS) -> Any:
    content = workbook_of({"survey": rows, "settings": [["form_id"], ["doors"]]})
    return forms.take(content, "doors.xlsx", name="门牌", by=BY, at=timezone.now())


def answered(place: Place, version: Any) -> Answer:
    target = place.target(place.survey(version=version.pk))
    forms_files = {"a.jpg": photo(), "other.jpg": b"x"}
    return answers.submit(
        target.pk, DOOR.format("uuid:1").encode(), forms_files, by=place.actor("grid"), at=timezone.now()
    )[0]


def test_a_fever_raises_a_matter_at_once_and_once(place: Place) -> None:
    version = place.version()
    rule(place, version.form_id)
    rule(place, version.form_id, path="/data/member/symptoms", crossing="has", bound="发热", title="发热症状")
    rule(place, version.form_id, path="/data/people", crossing="at_least", bound="9", title="人多")
    target = place.target(place.survey(version=version.pk))
    for _ in range(2):
        answers.submit(target.pk, ANSWER.encode(), by=place.actor("grid"), at=timezone.now())
    raised = {row.rule.title: row.matter for row in Raised.objects.select_related("rule", "matter")}
    assert set(raised) == {"发热人员", "发热症状"}
    matter = raised["发热人员"]
    assert (matter.urgency, matter.channel, matter.division_id, matter.title) == (
        "urgent",
        "grid",
        target.division_id,
        "发热人员",
    )
    assert "37.6" in matter.text
    assert "不低于 37.3" in matter.text
    assert "36.5" not in matter.text
    assert "王小红" not in matter.text
    assert Matter.objects.count() == 2


def test_a_rule_of_a_question_that_is_gone_raises_nothing(place: Place) -> None:
    version = place.version()
    made = rule(place, version.form_id)
    Rule.objects.filter(pk=made.pk).update(path="/data/gone")
    answers.submit(
        place.target(place.survey(version=version.pk)).pk, ANSWER.encode(), by=place.actor("grid"), at=timezone.now()
    )
    assert not Matter.objects.exists()
    page = place.district.client("admin").get(reverse("surveys:form", args=[version.form_id])).content.decode()
    assert "本版没有这道题" in page


@pytest.mark.parametrize(
    ("more", "code"),
    [({"path": "/data/none"}, "no_question"), ({"path": "/data/member"}, "no_question"), ({"bound": ""}, "no_bound"), ({"bound": "高"}, "no_number"),
     ({"path": "/data/member/symptoms", "crossing": "has", "bound": "没有的"}, "no_choice"), ({"subkind": "none"}, "no_subkind")],
)  # fmt: skip
def test_rules_that_make_no_sense(place: Place, more: dict[str, Any], code: str) -> None:
    form_id = place.version().form_id
    if more.get("subkind"):
        more = {"subkind": form_id}
    with pytest.raises(Refused) as caught:
        rule(place, form_id, **more)
    assert caught.value.code == code
    assert not Rule.objects.exists()


def test_rules_on_the_page(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    version, client = place.version(), place.district.client("admin")
    page = reverse("surveys:form", args=[version.form_id])
    said = {"path": "/data/member/temperature", "crossing": "at_least", "bound": "37.3", "title": "发热人员", "urgency": "urgent",
            "subkind": str(finding_subkinds()[0].pk), "category": ""}  # fmt: skip
    wrong = client.post(reverse("surveys:add_rule", args=[version.form_id]), {**said, "bound": "高"})
    assert wrong.status_code == 422
    assert "发热人员" in wrong.content.decode()
    assert client.post(reverse("surveys:add_rule", args=[version.form_id]), said).headers["Location"] == page
    assert "不低于 37.3" in client.get(page).content.decode()
    monkeypatch.setattr(alarms, "MOST_RULES", 1)
    assert "最多" in client.post(reverse("surveys:add_rule", args=[version.form_id]), said).content.decode()
    made = Rule.objects.get()
    assert client.post(reverse("surveys:remove_rule", args=[made.pk])).headers["Location"] == page
    assert client.post(reverse("surveys:remove_rule", args=[made.pk])).status_code == 404
    with pytest.raises(NotFound):
        rule(place, made.pk)


def test_photos_come_with_the_answer_and_go_with_it(
    place: Place, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    version = forms.publish(doors(place).pk, by=BY, at=timezone.now())
    target = place.target(survey := place.survey(version=version.pk))
    grid, at = place.actor("grid"), timezone.now()
    for files in ({}, {"a.jpg": b"no picture"}):
        with pytest.raises(answers.NotRight) as caught:
            answers.submit(target.pk, DOOR.format("uuid:1").encode(), files, by=grid, at=at)
        assert caught.value.wrong[0].path == "/data/door"
    client = place.district.client("grid")
    sent = {"xml_submission_file": SimpleUploadedFile("a.xml", DOOR.format("uuid:1").encode()),
            "a.jpg": SimpleUploadedFile("a.jpg", photo()), "b.jpg": SimpleUploadedFile("b.jpg", b"not asked for")}  # fmt: skip
    assert client.post(reverse("surveys:answer", args=[target.pk]), sent).status_code == 201
    kept = Photo.objects.get()
    place_of_it = folder_of(survey.pk) / kept.pk.hex
    assert place_of_it.read_bytes().startswith(b"\xff\xd8")
    reader = place.district.client("admin")
    page = reader.get(reverse("surveys:read", args=[kept.answer_id])).content.decode()
    assert "王小明" in page
    shown = reader.get(reverse("surveys:photo", args=[kept.answer_id, kept.pk]))
    assert shown.headers["Content-Type"] == "image/jpeg"
    surveys.end(survey.pk, by=BY, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        surveys.destroy(survey.pk, by=BY, at=at)
    assert not Photo.objects.exists()
    assert not place_of_it.exists()
    assert reader.get(reverse("surveys:read", args=[kept.answer_id])).status_code == 404
    assert reader.get(reverse("surveys:photo", args=[kept.answer_id, kept.pk])).status_code == 404


def test_what_is_erased_of_a_person_takes_the_photos_along(
    place: Place, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [
        [*DOORS[0], "bind::register"],
        [*DOORS[1], "name"],
        ["text", "phone", "电话", "", "", "phone"],
        [*DOORS[2], ""],
    ]
    version = forms.publish(doors(place, rows).pk, by=BY, at=timezone.now())
    target = place.target(place.survey(version=version.pk))
    content = DOOR.format("uuid:1").replace("<door>", "<phone>13800000000</phone><door>")
    answer, _new = answers.submit(
        target.pk, content.encode(), {"a.jpg": photo()}, by=place.actor("grid"), at=timezone.now()
    )
    assert answer.person_id
    place_of_it = folder_of(answer.survey_id) / Photo.objects.get().pk.hex
    with django_capture_on_commit_callbacks(execute=True):
        assert answers.forget(answer.person_id) == 1
    assert not place_of_it.exists()


@pytest.mark.django_db(transaction=True)
def test_a_look_brings_its_own_transaction(place: Place) -> None:
    answer = answered(place, forms.publish(doors(place).pk, by=BY, at=timezone.now()))
    assert place.district.client("admin").get(reverse("surveys:read", args=[answer.pk])).status_code == 200


def test_every_look_at_an_answer_is_on_record(place: Place) -> None:
    version = forms.publish(doors(place).pk, by=BY, at=timezone.now())
    answer = answered(place, version)
    client = place.district.client("admin")
    listed = client.get(reverse("surveys:answers", args=[answer.survey_id])).content.decode()
    assert reverse("surveys:read", args=[answer.pk]) in listed
    assert "王小明" not in listed
    assert not Event.objects.filter(kind="surveys.read").exists()
    client.get(reverse("surveys:read", args=[answer.pk]))
    told = Event.objects.get(kind="surveys.read")
    assert told.data == {"answer": str(answer.pk)}
    assert place.district.client("leader").get(reverse("surveys:read", args=[answer.pk])).status_code == 403


def test_answers_page_by_page(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from ..queries import answers as reading

    monkeypatch.setattr(reading, "SHOWN", 2)
    version = forms.publish(doors(place).pk, by=BY, at=timezone.now())
    target = place.target(survey := place.survey(version=version.pk))
    for number in range(5):
        answers.submit(
            target.pk, DOOR.format(number).encode(), {"a.jpg": photo()}, by=place.actor("grid"), at=timezone.now()
        )
    seen, after = [], None
    while True:
        found = reading.answers_of(place.actor("admin"), survey, after=after)
        seen += [row.instance for row in found.rows]
        if not found.after:
            break
        after = UUID(found.after)
    assert seen == ["4", "3", "2", "1", "0"]


def test_a_form_that_looks_things_up_is_published_with_its_table(place: Place) -> None:
    rows = [
        DOORS[0],
        ["text", "holder", "户主", "", ""],
        ["calculate", "fruit", "", "", "pulldata('fruits', 'name', 'key', 'a')"],
    ]
    version, client = doors(place, rows), place.district.client("admin")
    with pytest.raises(Refused) as caught:
        forms.publish(version.pk, by=BY, at=timezone.now())
    assert "fruits.csv" in str(caught.value)
    address = reverse("surveys:add_media", args=[version.pk])
    for name, content in (("other.csv", b"a,b"), ("fruits.csv", b"\xff\xff\x81")):
        client.post(address, {"files": SimpleUploadedFile(name, content)})
        assert not version.media.exists()
    client.post(address)
    client.post(address, {"files": SimpleUploadedFile("fruits.csv", "key,name\na,苹果\n".encode("gb18030"))})
    sent = client.get(reverse("surveys:version_media", args=[version.pk, "fruits.csv"]))
    assert sent.content.decode() == "key,name\na,苹果\n"
    assert client.get(reverse("surveys:version_media", args=[version.pk, "none.csv"])).status_code == 404
    forms.publish(version.pk, by=BY, at=timezone.now())
    with pytest.raises(Conflict):
        media.add_media(version.pk, [("fruits.csv", b"a")], by=BY, at=timezone.now())
    survey = place.survey(version=version.pk)
    assert (
        place.district.client("grid").get(reverse("surveys:media", args=[survey.pk, "fruits.csv"])).status_code == 200
    )


def test_a_picture_beside_a_question(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ["type", "name", "label", "media::image"],
        ["note", "map", "路线", "map.jpg"],
        ["text", "holder", "户主", ""],
    ]
    version = doors(place, rows)
    media.add_media(version.pk, [("map.jpg", photo())], by=BY, at=timezone.now())
    assert version.media.get().media_type == "image/jpeg"
    monkeypatch.setattr(media, "LARGEST", 3)
    with pytest.raises(Refused):
        media.add_media(version.pk, [("map.jpg", photo())], by=BY, at=timezone.now())
    with pytest.raises(NotFound):
        media.add_media(version.form_id, [], by=BY, at=timezone.now())
    assert settings.MEDIA_ROOT
