"""What is looked for and not found: counted without a person, and found from the next day on."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.lines.hall import actions
from zhitong.lines.hall.actions.missed import drop_old, note_missed
from zhitong.lines.hall.models import Item, Missed
from zhitong.lines.hall.queries.missed import kept_words

from .test_editing import drafted, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> District:
    made = build()
    now = timezone.now()
    actions.publish(drafted(made).pk, effective_on=timezone.localdate(), by=BY, at=now)
    return made


def searched(browser: Client, words: str) -> None:
    """As a browser does: the page of the search, and the note it sends when it found nothing."""
    shown = page(browser.get("/hall/", {"q": words}))
    if "/hall/missed" in shown:
        browser.post("/hall/missed", {"q": words})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("想开剧本杀店怎么办", "开剧本杀店"), ("  ＫＴＶ ", "ktv"), ("我", ""), ("13800001234", ""), ("李四 13800001234 投诉", ""),
        ("11010519491231002X", ""), ("a@b.cn", ""), ("非常长" * 9, ""),
    ],
)  # fmt: skip
def test_what_is_kept_says_nothing_of_a_person(typed: str, kept: str) -> None:
    assert kept_words(typed) == kept


def test_only_what_finds_nothing_is_counted(town: District, client: Client) -> None:
    for words in ("剧本杀", "剧本杀", "占道", "密室"):
        searched(client, words)
    client.post("/hall/missed", {"q": "占道"})  # whoever says so without having looked
    assert dict(Missed.objects.values_list("words", "times")) == {"剧本杀": 2, "密室": 1}
    shown = page(town.client("admin").get("/desk/hall/missed/"))
    assert "剧本杀" in shown
    assert "密室" not in shown  # what one person typed once may be about that person


def test_the_words_go_to_an_item_which_is_then_found(town: District, client: Client) -> None:
    searched(client, "剧本杀")
    searched(client, "剧本杀")
    row, admin = Missed.objects.get(), town.client("admin")
    found = page(admin.get(f"/desk/hall/missed/{row.pk}/", {"q": "占道"}))
    item = Item.objects.get()
    assert str(item.pk) in found
    told = page(admin.post(f"/desk/hall/missed/{row.pk}/settle", {"item": str(item.pk)}, follow=True))
    assert item.name in told
    assert not Missed.objects.exists()
    assert item.name in page(client.get("/hall/", {"q": "剧本杀"}))


def test_an_item_that_has_no_room_keeps_what_it_has(town: District, client: Client) -> None:
    note_missed("剧本杀", at=timezone.now())
    item = Item.objects.get()
    actions.change_item(item.pk, everyday="占" * 298, by=BY, at=timezone.now())
    told = page(
        town.client("admin").post(
            f"/desk/hall/missed/{Missed.objects.get().pk}/settle", {"item": str(item.pk)}, follow=True
        )
    )
    assert "已经满了" in told
    assert Missed.objects.count() == 1


def test_what_the_hall_does_not_do_is_left_out(town: District) -> None:
    note_missed("剧本杀", at=timezone.now())
    town.client("admin").post(f"/desk/hall/missed/{Missed.objects.get().pk}/settle")
    assert not Missed.objects.exists()


def test_what_nobody_looks_for_goes(town: District) -> None:
    now = timezone.now()
    note_missed("剧本杀", at=now - timedelta(days=181))
    note_missed("密室", at=now)
    assert drop_old(now) == 1
    assert Missed.objects.get().words == "密室"
