"""The pages on which an administrator lets other systems in."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.machine import Machine, machine
from zhitong.kernel.accounts.public import AccessToken, TokenSecret
from zhitong.kernel.events.public import stream
from zhitong.kernel.organisation.public import Post

pytestmark = pytest.mark.django_db


def shown(page) -> str:
    [secret] = re.findall(r'value="(zt_\w{40})"', page.content.decode())
    return str(secret)


def form(**fields):
    post = Post.objects.get(title="转办员")
    ends = timezone.localdate() + timedelta(days=90)
    return {
        "name": "12345热线平台",
        "post": post.pk,
        "scopes": ["read", "raise"],
        "per_minute": 60,
        "ends_on": ends,
    } | fields


def test_a_token_is_made_and_its_secret_shown_once(district, admin):
    page = admin.post(reverse("portal:token_new"), form())
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    secret = shown(page)
    assert Machine(secret).get("/token").json()["acts_as"] == "新城区社会治理服务中心 转办员"
    listed = admin.get(reverse("portal:tokens")).content.decode()
    assert "12345热线平台" in listed
    assert secret[:11] in listed
    assert secret not in listed
    token = AccessToken.objects.get()
    assert timezone.localdate(token.expires_at) == timezone.localdate() + timedelta(days=90)
    assert stream(token.pk).get().by_account == district.people["admin"].pk


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "此项必填"),
        ({"scopes": []}, "请至少选择一种用途"),
        ({"post": ""}, "此项必填"),
        ({"post": "x"}, "请从列表中选择"),
        ({"ends_on": "2020-01-01"}, "到期时间须晚于现在"),
        ({"ends_on": "2199-01-01"}, "不超过两年"),
        ({"per_minute": 0}, ""),
    ],
)
def test_what_is_wrong_is_said_on_the_form(admin, fields, sentence):
    page = admin.post(reverse("portal:token_new"), form(**fields))
    assert page.status_code == 422
    assert not AccessToken.objects.exists()
    assert "zt-has-error" in page.content.decode()


def test_a_name_in_use_is_refused(admin):
    admin.post(reverse("portal:token_new"), form())
    page = admin.post(reverse("portal:token_new"), form())
    assert page.status_code == 422
    assert "已有同名的令牌在用" in page.content.decode()


def test_rotating_shows_a_new_secret_and_leaves_the_old_one_for_a_while(district, admin):
    old = machine(district, "worker")
    address = reverse("portal:token_rotate", args=[old.token_id])
    [seen] = re.findall(r'name="seen" value="(\w+)"', admin.get(address).content.decode())
    new = Machine(shown(admin.post(address, {"overlap": "7", "seen": seen})))
    assert old.get("/token").status_code == new.get("/token").status_code == 200
    again = admin.post(address, {"overlap": "0", "seen": seen})
    assert again.status_code == 422
    assert "刚刚换过" in again.content.decode()
    newest = Machine(shown(admin.post(address, {"overlap": "0", "seen": ""})))
    assert [one.get("/token").status_code for one in (old, new, newest)] == [401, 401, 200]
    assert TokenSecret.objects.count() == 3


def test_a_revoked_token_is_out(district, admin):
    system = machine(district, "worker")
    answer = admin.post(reverse("portal:token_revoke", args=[system.token_id]), follow=True)
    assert "已吊销令牌" in answer.content.decode()
    assert system.get("/token").status_code == 401
    again = admin.post(reverse("portal:token_revoke", args=[system.token_id]), follow=True)
    assert "该令牌已吊销" in again.content.decode()


def test_the_list_takes_as_many_queries_whatever_is_in_it(district, admin, django_assert_max_num_queries):
    for name in ("worker", "clerk", "head", "leader"):
        machine(district, name)
    admin.get(reverse("portal:tokens"))
    with django_assert_max_num_queries(12):
        admin.get(reverse("portal:tokens"))


def test_what_ends_soon_is_marked(district, admin):
    machine(district, "worker", expires_at=timezone.now() + timedelta(days=10))
    assert "即将到期" in admin.get(reverse("portal:tokens")).content.decode()
