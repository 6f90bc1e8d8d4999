"""The administration as an IT office meets it: found from the desk, in words, with what ships to begin with."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from zhitong.kernel.accounts.public import Actor, load_default_roles
from zhitong.kernel.events.public import letter
from zhitong.kernel.matters import public as matters
from zhitong.lines.appeals.actions import load_defaults

from .desk import Desk, person, signed_in

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = Actor.system("测试")
EVERY = ("organisation.manage", "accounts.manage", "settings.manage", "territory.manage")


@pytest.fixture
def it_office(office: Desk):
    load_default_roles(by=BY, at=AT)
    load_defaults(by=BY)
    account = person("信息中心", office.centre, *EVERY, scope="all")
    account.is_staff = True
    account.save()
    return signed_in(account)


def test_every_page_of_the_administration_is_found_from_the_desk(it_office) -> None:
    home = it_office.get(reverse("portal:setup")).content.decode()
    doors = set(re.findall(r'href="(/admin/[^"]+)"', home))
    listed = set(re.findall(r'href="(/admin/\w+/\w+/)"', it_office.get("/admin/").content.decode()))
    assert listed - doors <= {"/admin/register/person/"}
    assert doors <= listed
    for address in doors:
        body = it_office.get(address).content.decode()
        assert "ui/admin" in body
        assert reverse("portal:setup") in body


def test_only_what_one_may_set_up_is_offered(office: Desk) -> None:
    account = person("时限管理员", office.centre, "settings.manage", scope="all")
    page = signed_in(account).get(reverse("portal:setup")).content.decode()
    assert "/admin/matters/limit/" in page
    assert "/admin/organisation/organ/" not in page
    assert signed_in(office.worker).get(reverse("portal:setup")).status_code == 403


def test_rules_are_set_by_name_not_by_code(it_office) -> None:
    page = it_office.get("/admin/matters/limit/add/").content.decode()
    for option in ('<option value="appeal">诉求</option>', '<option value="meet">见面时限</option>'):
        assert option in page
    assert '<option value="return">退单</option>' in it_office.get("/admin/matters/reason/add/").content.decode()
    phrases = it_office.get("/admin/matters/phrase/add/").content.decode()
    assert '<option value="reply">给反映人的答复</option>' in phrases
    limits = it_office.get("/admin/matters/limit/").content.decode()
    assert "见面时限</a>" in limits
    assert str(matters.Limit.objects.filter(clock="meet").first()).startswith("见面时限：")


def test_every_letter_is_listed_and_begins_with_what_ships(it_office) -> None:
    listed = it_office.get("/admin/events/letter/").content.decode()
    assert "默认" in listed
    address = next(a for a in re.findall(r'href="([^"]*\?slug=[^"]*)"', listed) if "appeal.received" in a)
    form = it_office.get(address).content.decode()
    assert "{number}" in form
    said = {
        "slug": "appeal.received",
        "title": "收到",
        "body": "您的诉求{number}收到了。",
        "title_en": "",
        "body_en": "",
    }
    assert it_office.post(address, said).status_code == 302
    assert letter("appeal.received", {"number": "7"}) == ("收到", "您的诉求7收到了。")
    listed = it_office.get("/admin/events/letter/").content.decode()
    assert "已修改" in listed
