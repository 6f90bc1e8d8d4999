"""The administrator's page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from zhitong.gateway.models import Endpoint
from zhitong.kernel.events.public import NoticeState
from zhitong.kernel.organisation.public import posts_of

from .conftest import Told, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(district):
    return district.client("admin")


def test_from_the_first_form_to_a_replay(district, admin, receiver):
    assert "还没有推送端点" in admin.get(reverse("gateway:webhooks")).content.decode()
    (seat,) = posts_of(district.people["dispatcher"].staff_id, timezone.localdate())
    sent = {"name": "市级平台", "url": receiver.url, "post": str(seat.post.pk), "kinds": ["appeal.opened"]}
    page = admin.post(reverse("gateway:webhook_new"), sent).content.decode()
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", page)
    one = Endpoint.objects.get(name="市级平台")
    assert one.origin == "http://testserver"
    district.open()
    Told(one, secret).work()
    assert [one["type"] for one in receiver.verified(secret)] == ["appeal.opened"]
    place = reverse("gateway:webhook", args=[one.pk])
    page = admin.get(place).content.decode()
    assert "已发送" in page
    assert "204" in page
    assert secret not in page
    (notice,) = Told(one, secret).rows()
    answer = admin.post(reverse("gateway:webhook_replay", args=[one.pk]), {"delivery": [str(notice.pk)]}, follow=True)
    assert "1条将重新推送" in answer.content.decode()
    answer = admin.post(reverse("gateway:webhook_replay", args=[one.pk]), {"all": "1", "state": "sent"}, follow=True)
    assert "0条将重新推送" in answer.content.decode()  # it waits already


def test_filters(district, admin, receiver):
    told = tell(district, receiver.url)
    district.passed()
    receiver.answers = [500]
    told.work()
    place = reverse("gateway:webhook", args=[told.endpoint.pk])

    def shown(**asked):
        return admin.get(place, asked).content.decode().count('name="delivery"')

    assert shown() == 2
    assert shown(state="sent") == shown(state="pending") == shown(answer="500") == shown(answer="204") == 1
    assert shown(kind="appeal.pass") == 1
    assert shown(answer="404") == shown(state="failed") == 0
    assert shown(state="nonsense", answer="x", kind="y", before="z") == 2


def test_pausing_resuming_and_removing(district, admin, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    pk = told.endpoint.pk
    admin.post(reverse("gateway:webhook_pause", args=[pk]))
    district.open()
    assert told.rows()[0].state == NoticeState.HELD
    assert "暂存" in admin.get(reverse("gateway:webhook", args=[pk])).content.decode()
    answer = admin.post(reverse("gateway:webhook_replay", args=[pk]), {"all": "1"}, follow=True)
    assert "请先恢复推送" in answer.content.decode()
    answer = admin.post(reverse("gateway:webhook_resume", args=[pk]), follow=True)
    assert "暂存的1条" in answer.content.decode()
    page = admin.post(reverse("gateway:webhook_rotate", args=[pk]), {"overlap": "24"}).content.decode()
    assert "whsec_" in page
    admin.post(reverse("gateway:webhook_remove", args=[pk]))
    assert admin.get(reverse("gateway:webhook", args=[pk])).status_code == 404


def test_what_is_wrong_stays_in_the_form(district, admin, receiver):
    told = tell(district, receiver.url)
    sent = {"name": "另一个", "url": "https://127.0.0.1/", "post": str(told.endpoint.post_id)}
    answer = admin.post(reverse("gateway:webhook_new"), sent)
    assert answer.status_code == 422
    assert "ZHITONG_WEBHOOK_HOSTS" in answer.content.decode()
    answer = admin.post(reverse("gateway:webhook_change", args=[told.endpoint.pk]), sent | {"url": receiver.url})
    assert answer.status_code == 302
    assert told.now().name == "另一个"


def test_in_english(district, admin, receiver):
    told = tell(district, receiver.url)
    admin.post("/language/", {"language": "en", "next": "/"})
    for place, args in (("webhooks", []), ("webhook_new", []), ("webhook", [told.endpoint.pk])):
        page = admin.get(reverse(f"gateway:{place}", args=args)).content.decode()
        assert "Webhooks" in page
        assert "推送" not in page.replace("端点", "")
