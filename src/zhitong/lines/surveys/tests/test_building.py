"""Forms built on screen: the same thing as a workbook, kept as a draft, published, refused at the question."""

import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.district import BY
from zhitong.base.errors import Conflict

from ..actions.building import build, seal_of
from ..actions.forms import NotUsable, publish, take
from ..actions.media import add_media
from ..models import Form, Media, Version
from ..rules.examples import CENSUS, EPIDEMIC, workbook_of
from ..rules.rows import LONGEST, MOST_ROWS, Sheet, sheets_in, sheets_of, written
from ..rules.workbook import read
from .conftest import Place

CAPTIONED = {
    "survey": [
        ["Type", "Name", "Label:English (en)", "Constraint", "constraint message", "relevance", "body:accuracyThreshold", "caption_2"],
        ["select one from yn", "a", "A", "", "", "", "", "x"],
        ["", "", "", "", "", "", "", ""],
        ["geopoint", "b", "B", ". != ''", "No", "${a} = 'y'", "1.5", ""],
    ],
    "choices": [["list name", "value", "label:English (en)"], ["yn", "y", "Yes"], ["yn", "n", "No"]],
    "settings": [["form_id"], ["captioned"]],
}  # fmt: skip


@pytest.mark.parametrize("sheets", [EPIDEMIC, CENSUS, CAPTIONED])
def test_rows_taken_out_and_written_again_are_the_same_form(sheets: Any) -> None:
    content = workbook_of(sheets)
    again = written(sheets_in(content))
    assert read(again).xform == read(content).xform
    assert sheets_in(again) == sheets_in(content)


def test_headings_are_brought_to_one_writing_and_rows_count_as_in_excel() -> None:
    survey = sheets_in(workbook_of(CAPTIONED))["survey"]
    assert survey.heads[:6] == ["type", "name", "label::English (en)", "constraint", "constraint_message", "relevant"]
    assert [row.get("name") for row in survey.rows] == ["a", None, "b"]
    begun = sheets_in(
        written({"survey": Sheet(["type", "name", "label"], [{"type": "text", "name": "a", "label": "=1+1"}])})
    )
    assert begun["survey"].rows[0]["label"] == "=1+1"


@pytest.mark.parametrize(
    "said",
    [
        None, [], {}, {"survey": []}, {"survey": {"heads": ["type"]}}, {"survey": {"heads": [1], "rows": []}},
        {"survey": {"heads": [], "rows": [[]]}}, {"survey": {"heads": [], "rows": [{"type": 1}]}},
        {"survey": {"heads": [], "rows": [{}] * (MOST_ROWS + 1)}}, {"survey": {"heads": ["x" * (LONGEST + 1)], "rows": []}},
        {str(n): {"heads": [], "rows": []} for n in range(20)},
    ],
)  # fmt: skip
def test_what_is_no_sheets_is_refused(said: Any) -> None:
    with pytest.raises(ValueError, match=r"sheet|texts"):
        sheets_of(said)


def sheets(*rows: dict[str, str], title: str = "楼道巡查", **more: Sheet) -> dict[str, Sheet]:
    heads = list(dict.fromkeys(head for row in rows for head in row))
    settings = Sheet(["form_title", "form_id"], [{"form_title": title, "form_id": "stairs"}])
    return {"survey": Sheet(heads, list(rows)), "settings": settings, **more}


LIGHT = {"type": "text", "name": "light", "label": "灯亮吗"}


@pytest.mark.django_db
def test_a_draft_is_replaced_and_a_published_version_is_followed(place: Place) -> None:
    now = timezone.now()
    made = build(sheets(LIGHT), by=BY, at=now)
    assert (made.form.name, made.number, made.file_name) == ("楼道巡查", 1, "楼道巡查.xlsx")
    again = build(
        sheets({**LIGHT, "label": "灯亮不亮"}, title="楼道灯"), version_id=made.pk, seen=seal_of(bytes(made.workbook)), by=BY, at=now
    )  # fmt: skip
    assert again.pk == made.pk
    assert (Form.objects.get().name, Version.objects.get().title) == ("楼道灯", "楼道灯")
    assert "灯亮不亮" in Version.objects.get().xform
    with pytest.raises(Conflict):
        build(sheets(LIGHT), version_id=made.pk, seen=seal_of(bytes(made.workbook)), by=BY, at=now)
    apart = build(sheets(LIGHT), version_id=made.pk, seen="", is_apart=True, by=BY, at=now)
    assert (apart.number, apart.form_id) == (2, made.form_id)
    apart.delete()
    publish(made.pk, by=BY, at=now)
    stored = bytes(Version.objects.get().workbook)
    second = build(sheets(LIGHT), version_id=made.pk, seen=seal_of(stored), by=BY, at=now)
    assert (second.number, second.form_id, second.published_at) == (2, made.form_id, None)
    assert bytes(Version.objects.get(pk=made.pk).workbook) == stored


@pytest.mark.django_db
def test_what_a_form_shows_comes_along_to_the_next_version(place: Place) -> None:
    rows = {
        "survey": [["type", "name", "label", "media::image"], ["note", "n", "看图", "map.png"]],
        "settings": [["form_id"], ["m"]],
    }
    first = take(workbook_of(rows), "m.xlsx", by=BY, at=timezone.now())
    from tests.district import photo

    add_media(first.pk, [("map.png", photo())], by=BY, at=timezone.now())
    publish(first.pk, by=BY, at=timezone.now())
    content = bytes(Version.objects.get().workbook)
    more = build(sheets_in(content), version_id=first.pk, seen=seal_of(content), by=BY, at=timezone.now())
    assert [one.asked_as for one in Media.objects.filter(version=more)] == ["map.png"]


@pytest.mark.django_db
def test_faults_are_said_at_their_row_and_nothing_is_kept(place: Place) -> None:
    with pytest.raises(NotUsable) as caught:
        build(
            sheets(LIGHT, {"type": "text", "name": "b", "label": "b", "relevant": "${nobody} = 1"}),
            by=BY,
            at=timezone.now(),
        )
    assert [(one.sheet, one.row) for one in caught.value.problems] == [("survey", 3)]
    assert not Form.objects.exists()


def sent(rows: dict[str, Sheet]) -> str:
    return json.dumps({name: {"heads": one.heads, "rows": one.rows} for name, one in rows.items()})


@pytest.mark.django_db
def test_the_page_tries_keeps_and_tells_what_is_wrong(place: Place) -> None:
    client = place.district.client("admin")
    page = client.get(reverse("surveys:build_new"))
    assert "'wasm-unsafe-eval'" in page.headers["Content-Security-Policy"]
    tried = client.post(reverse("surveys:build_check"), {"sheets": sent(sheets(LIGHT))}).json()
    assert tried["count"] == 1
    assert "灯亮吗" in tried["xform"]
    assert not Form.objects.exists()
    bad = sheets(LIGHT, {"type": "calculate", "name": "c", "calculation": "because nobody"})
    for address in (reverse("surveys:build_check"), reverse("surveys:build_new")):
        refused = client.post(address, {"sheets": sent(bad)})
        assert refused.status_code == 422
        assert [one["row"] for one in refused.json()["problems"]] == [3]
    for nothing in ({}, {"sheets": "x"}, {"sheets": "{}"}, {"sheets": sent(sheets())}, {"sheets": "[" * 9000}):
        assert client.post(reverse("surveys:build_check"), nothing).status_code == 422
    kept = client.post(reverse("surveys:build_new"), {"sheets": sent(sheets(LIGHT))}).json()
    version = Version.objects.get()
    assert kept["href"] == reverse("surveys:version", args=[version.pk])
    again = client.get(reverse("surveys:build", args=[version.pk])).content.decode()
    assert "light" in again
    assert seal_of(bytes(version.workbook)) in again
    lost = client.post(reverse("surveys:build", args=[version.pk]), {"sheets": sent(sheets(LIGHT)), "seen": "old"})
    assert (lost.status_code, lost.json()["code"]) == (409, "changed")
