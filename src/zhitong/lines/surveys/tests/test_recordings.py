"""Sound and film of answers: told by what they are, limited, played part by part, destroyed with the answers."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.district import BY

from ..actions.answers import NotRight, submit
from ..actions.forms import publish, take
from ..actions.surveys import destroy, end
from ..models import Photo, Target, folder_of
from ..rules.examples import workbook_of
from ..rules.recordings import MOST_SOUND, recording_type
from .conftest import Place

HEARD = {
    "survey": [["type", "name", "label", "required"], ["audio", "s", "录音", "yes"], ["video", "f", "录像", ""]],
    "settings": [["form_id"], ["heard"]],
}
SAID = '<data id="heard"><s>s.webm</s><f>{}</f><meta><instanceID>uuid:1</instanceID></meta></data>'
SOUND = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + bytes(range(200))
FILM = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 60


@pytest.mark.parametrize(
    ("content", "asked", "found"),
    [
        (SOUND, "audio/*", "audio/webm"), (SOUND, "video/*", "video/webm"), (FILM, "video/*", "video/mp4"), (FILM, "audio/*", "audio/mp4"),
        (b"\x00\x00\x00\x1cftypM4A ", "audio/*", "audio/mp4"), (b"\x00\x00\x00\x1cftypM4A ", "video/*", ""),
        (b"\x00\x00\x00\x14ftypqt  ", "video/*", "video/quicktime"), (b"\x00\x00\x00\x14ftypqt  ", "audio/*", ""),
        (b"\x00\x00\x00\x14ftyp3gp4", "audio/*", "audio/3gpp"), (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/*", "audio/wav"),
        (b"ID3\x04\x00", "audio/*", "audio/mpeg"), (b"\xff\xfb\x90\x00", "audio/*", "audio/mpeg"), (b"\xff\xf1\x50\x80", "audio/*", "audio/aac"),
        (b"#!AMR\n<", "audio/*", "audio/amr"), (b"OggS\x00", "audio/*", "audio/ogg"), (b"OggS\x00", "video/*", ""),
        (b"<svg onload=x>", "audio/*", ""), (b"", "audio/*", ""), (b"\xff\xd8\xff\xe0", "video/*", ""), (b"\x1a\x45\xdf\xa3 matter", "video/*", ""),
    ],
)  # fmt: skip
def test_what_was_recorded_is_told_by_what_it_is(content: bytes, asked: str, found: str) -> None:
    assert recording_type(content, asked) == found


def target_of(place: Place) -> Target:
    made = take(workbook_of(HEARD), "heard.xlsx", by=BY, at=timezone.now())
    return place.target(place.survey(version=publish(made.pk, by=BY, at=timezone.now()).pk))


@pytest.mark.django_db
def test_sound_and_film_are_kept_played_in_parts_and_destroyed(
    place: Place, django_capture_on_commit_callbacks: object
) -> None:
    target, by = target_of(place), place.actor("grid")
    files = {"s.webm": SOUND, "f.mp4": FILM}
    answer, _new = submit(target.pk, SAID.format("f.mp4").encode(), files, by=by, at=timezone.now())
    kept = {photo.name: photo.media_type for photo in answer.photos.all()}
    assert kept == {"s.webm": "audio/webm", "f.mp4": "video/mp4"}
    client = place.district.client("admin")
    page = client.get(reverse("surveys:read", args=[answer.pk])).content.decode()
    assert "<audio controls" in page
    assert "<video controls" in page
    address = reverse("surveys:photo", args=[answer.pk, Photo.objects.get(media_type="audio/webm").pk])
    whole = client.get(address)
    assert (b"".join(whole.streaming_content), whole.headers["Accept-Ranges"]) == (SOUND, "bytes")
    part = client.get(address, headers={"range": "bytes=4-9"})
    assert (part.status_code, part.content) == (206, SOUND[4:10])
    assert part.headers["Content-Range"] == f"bytes 4-9/{len(SOUND)}"
    assert client.get(address, headers={"range": "bytes=4-"}).content == SOUND[4:]
    assert client.get(address, headers={"range": "bytes=99999-"}).status_code == 416
    assert client.get(address, headers={"range": "bytes=9-4"}).status_code == 416
    assert client.get(address, headers={"range": "pages=1-2"}).status_code == 200
    end(target.survey_id, by=BY, at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        destroy(target.survey_id, by=BY, at=timezone.now())
    assert not folder_of(target.survey_id).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "files", "wrong"),
    [
        ("", {}, "没有传到"), ("", {"s.webm": b"<html>"}, "不是能用的"), ("", {"s.webm": SOUND + bytes(MOST_SOUND)}, "太大"),
        ("f.mp4", {"s.webm": SOUND, "f.mp4": b"ID3"}, "不是能用的"),
    ],
)  # fmt: skip
def test_what_cannot_be_heard_is_refused_at_its_question(
    place: Place, said: str, files: dict[str, bytes], wrong: str
) -> None:
    target = target_of(place)
    with pytest.raises(NotRight, match=wrong) as caught:
        submit(target.pk, SAID.format(said).encode(), files, by=place.actor("grid"), at=timezone.now())
    assert [one.path for one in caught.value.wrong] == [f"/data/{'f' if said else 's'}"]
    assert not Photo.objects.exists()
