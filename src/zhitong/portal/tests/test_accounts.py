"""The page on which accounts are opened for everybody who has a post and none."""

import re
from base64 import b64decode
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from zhitong.kernel.accounts.public import Account, Grant
from zhitong.kernel.organisation.public import Appointment, Post, Staff

from .desk import MOST_QUERIES

pytestmark = pytest.mark.django_db
PAGE = reverse("portal:setup_accounts")


@pytest.fixture
def newcomer(district):
    found = Staff.objects.create(staff_no="N-7001", name="新来的")
    post = Post.objects.create(organ=district.organs["street"], title="网格协管", valid_from="2020-01-01")
    Appointment.objects.create(staff=found, post=post, valid_from="2020-01-01")
    return found


def text(answer) -> str:
    return str(answer.content.decode())


def test_who_has_none_is_listed_and_can_be_looked_for(admin, newcomer, district, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST_QUERIES):
        assert "N-7001" in text(admin.get(PAGE))
    street, elsewhere = (str(district.organs[name].pk) for name in ("street", "elsewhere"))
    for asked, is_there in [
        ({"q": "新来"}, True), ({"q": "n-70"}, True), ({"q": "协管"}, True), ({"q": "nobody\x00"}, False),
        ({"organ": street}, True), ({"organ": elsewhere}, False), ({"organ": "x"}, True),
    ]:  # fmt: skip
        assert ("N-7001" in text(admin.get(PAGE, asked))) is is_there, asked
    assert Account.objects.filter(staff=newcomer).count() == 0


def test_the_password_is_shown_once_and_lets_in(admin, newcomer, client):
    answer = admin.post(PAGE, {"person": [str(newcomer.pk)], "role": "case_worker", "scope": "organ"})
    shown = text(answer)
    assert answer["Cache-Control"].count("no-store")
    [book] = re.findall(r'base64,([\w+/=]+)"', shown)
    [_heads, (organ, name, username, password)] = load_workbook(BytesIO(b64decode(book))).active.values
    assert (name, username) == ("新来的", "n-7001")
    assert organ
    assert str(password) in shown
    account = Account.objects.get(staff=newcomer)
    assert account.check_password(str(password))
    assert Grant.objects.get(post__appointments__staff=newcomer).role.slug == "case_worker"
    assert "N-7001" not in text(admin.get(PAGE))


def test_what_cannot_be_done_is_said_with_what_was_ticked(admin, newcomer):
    nobody = admin.post(PAGE, {"role": "", "scope": "organ"})
    assert nobody.status_code == 422
    assert "请先选择人员" in text(nobody)
    odd = admin.post(PAGE, {"person": [str(newcomer.pk)], "role": "no-such", "scope": "organ"})
    assert odd.status_code == 422
    assert re.search(rf'value="{newcomer.pk}"[^>]* checked', text(odd))
    strange = admin.post(PAGE, {"person": ["x"], "role": "", "scope": "organ"})
    assert strange.status_code == 422
    assert not Account.objects.filter(staff=newcomer).exists()


def test_sent_twice_it_opens_one(admin, newcomer):
    sent = {"person": [str(newcomer.pk)], "role": "", "scope": "organ"}
    assert admin.post(PAGE, sent).status_code == 200
    again = admin.post(PAGE, sent)
    assert again.status_code == 422
    assert Account.objects.filter(staff=newcomer).count() == 1


def test_when_everybody_has_one_it_says_so(admin):
    for one in Staff.objects.filter(account=None):
        Account.objects.create(username=f"a{one.pk}"[:30], staff=one)
    assert "在岗人员都有账号" in text(admin.get(PAGE))
