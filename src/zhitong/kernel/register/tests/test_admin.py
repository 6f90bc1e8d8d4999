"""People in the admin site: masked, found by exact number, and never changed."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from zhitong.kernel.accounts.public import Account, Actor

from .. import public

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LIST = reverse("admin:register_person_changelist")


@pytest.fixture
def person(client, db):
    client.force_login(
        Account.objects.create_superuser("root", "correct-horse-7"),
        "zhitong.kernel.accounts.web.backend.AccountBackend",
    )
    given = {
        "name": "张三丰",
        "phone": "13800000000",
        "email": "zhangsan@example.com",
        "citizen_id": "11010519491231002X",
    }
    by = Actor.system("测试")
    public.find_or_create_person(name="李四", phone="13900000000", by=by, at=AT)
    return public.find_or_create_person(by=by, at=AT, **given).person_id


@pytest.mark.parametrize("text", ["138 0000 0000", "ZhangSan@example.com", "11010519491231002x"])
def test_found_by_a_whole_number(client, person, text):
    page = client.get(LIST, {"q": text}).content.decode()
    assert str(person) in page
    assert "李*" not in page


def test_not_found_by_a_part(client, person):
    assert str(person) not in client.get(LIST, {"q": "138"}).content.decode()


def test_masked_in_list_and_page(client, person):
    for address in (LIST, reverse("admin:register_person_change", args=[person])):
        page = client.get(address).content.decode()
        assert "张**" in page
        assert "张三丰" not in page
        assert "13800000000" not in page
        assert "11010519491231002X" not in page


def test_nothing_is_written(client, person):
    assert client.get(reverse("admin:register_person_add")).status_code == 403
    assert client.post(reverse("admin:register_person_change", args=[person]), {"name": "x"}).status_code == 403
    assert client.post(reverse("admin:register_person_delete", args=[person]), {"post": "yes"}).status_code == 403
