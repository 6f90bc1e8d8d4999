"""Firms for the staff: found, seen masked, revealed for a reason, taken over from a table."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.base.citizen import citizen_check, credit_check
from zhitong.kernel.events.public import Event
from zhitong.kernel.register import public as register
from zhitong.kernel.register.public import Firm, NewFirm, NewHolder, NewPerson

pytestmark = pytest.mark.django_db
FIRST = "91379999MA0000001"
CITIZEN = "37999919800101001" + citizen_check("37999919800101001")


@pytest.fixture
def office(db):
    return build()


@pytest.fixture
def firm(office: District):
    new = NewFirm(
        code=FIRST + credit_check(FIRST), name="示范云杉科技有限公司", kind="limited", legal=NewPerson("张一", "13800000001", "", CITIZEN),
        address="示范路1号", established_on=date(2020, 1, 1), capital=Decimal(10_000), liaison=NewPerson("李二狗", "13800000002"),
        holders=(NewHolder("张一", Decimal(10_000), number=CITIZEN),),
    )  # fmt: skip
    return register.register_firms([new], by=BY, at=timezone.now())[0]


def test_found_and_seen_masked(office, firm):
    client = office.client("worker")
    assert firm.name in client.get(reverse("portal:firms"), {"q": "云杉"}).content.decode()
    assert firm.name not in client.get(reverse("portal:firms"), {"q": "别的"}).content.decode()
    page = client.get(reverse("portal:firm", args=[firm.pk])).content.decode()
    assert "张一" in page
    assert "李二狗" not in page
    assert CITIZEN not in page
    assert "13800000001" not in page


def test_revealed_for_a_reason_and_kept(office, firm):
    client = office.client("worker")
    address = reverse("portal:firm_reveal", args=[firm.pk, firm.legal_id])
    assert CITIZEN not in client.post(address, {"reason": ""}).content.decode()
    assert CITIZEN in client.post(address, {"reason": "核对登记材料"}).content.decode()
    assert Event.objects.filter(kind="person.revealed").count() == 1


def test_only_people_of_the_firm(office, firm):
    other = register.find_or_create_person(name="王五", phone="13900000000", by=BY, at=timezone.now())
    client = office.client("worker")
    assert client.get(reverse("portal:firm_reveal", args=[firm.pk, other.person_id])).status_code == 404
    whom = reverse("portal:firm_reveal_contact", args=[firm.pk, firm.legal_id, other.contact_id])
    assert client.get(whom).status_code == 404


def test_taken_over_from_a_table(office, firm, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = office.client("admin")
    head = client.get(reverse("portal:firms_template")).content.decode().strip("\ufeff\r\n").split(",")
    second = FIRST[:-1] + "2"
    row = dict.fromkeys(head, "") | {
        "统一社会信用代码": second + credit_check(second), "企业名称": "示范青禾店", "类型": "个体工商户", "法定代表人": "赵四", "住所": "示范路2号",
        "成立日期": "2021-01-01",
    }  # fmt: skip
    text = "\n".join([",".join(head), ",".join(row.values())]).encode()
    tried = client.post(reverse("portal:firms_import"), {"file": SimpleUploadedFile("f.csv", text), "do": "try"})
    assert "1家将新增" in tried.content.decode()
    assert 'value="write"' in tried.content.decode()
    assert Firm.objects.count() == 1
    for told in ("新增1家", "没有待确认的文件"):
        done = client.post(reverse("portal:firms_import"), {"do": "write"}, follow=True)
        assert told in done.content.decode()
        assert Firm.objects.count() == 2
