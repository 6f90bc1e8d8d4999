"""The pages on which an IT office sets up organs, people and duties."""

import io
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from zhitong.kernel.accounts.public import Actor, load_default_roles
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.territory.public import Division

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = Actor.system("测试")
HEADER = ["单位编码", "单位名称", "单位类型", "起始日期"]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def desk(db, client):
    load_default_roles(by=BY, at=AT)
    client.force_login(get_user_model().objects.create_superuser("it", "一个很长的密码2026"))
    return client


@pytest.fixture
def office(db):
    Division.objects.create(code="370103", name="示例区", level="district", valid_from=date(2000, 1, 1))
    top = Division.objects.get()
    Division.objects.create(code="370103001", name="杏林街道", level="street", parent=top, valid_from=date(2000, 1, 1))
    return organisation.create_organ(
        code="CG", name="示例区城市管理局", kind="department", valid_from=date(2020, 1, 1), by=BY, at=AT
    )


def workbook(*rows):
    book = Workbook()
    page = book.worksheets[0]
    page.title = "单位"
    for row in (HEADER, *rows):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("单位.xlsx", out.getvalue())


def send(desk, file):
    return desk.post(reverse("portal:setup_import"), {"file": file})


def stored():
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


def test_a_file_is_checked_first_and_written_on_confirmation(desk, office):
    page = send(desk, workbook(["SW", "示例区水务局", "部门", "2020-01-01"], ["X", "", "部门", "2020-01-01"]))

    assert page.status_code == 200
    assert "必填项不能为空。" in page.content.decode()
    assert not organisation.Organ.objects.filter(code="SW").exists()
    assert len(stored()) == 1

    done = desk.post(reverse("portal:setup_import_confirm"))
    assert "已写入1行" in done.content.decode()
    assert organisation.Organ.objects.filter(code="SW").exists()
    assert stored() == []


def test_confirming_twice_imports_once(desk, office):
    send(desk, workbook(["SW", "示例区水务局", "部门", "2020-01-01"]))
    desk.post(reverse("portal:setup_import_confirm"))

    again = desk.post(reverse("portal:setup_import_confirm"), follow=True)

    assert "没有待确认的文件" in again.content.decode()
    assert organisation.Organ.objects.filter(code="SW").count() == 1


def test_a_second_upload_replaces_the_first(desk, office):
    send(desk, workbook(["A", "甲局", "部门", "2020-01-01"]))
    send(desk, workbook(["B", "乙局", "部门", "2020-01-01"]))

    assert len(stored()) == 1
    desk.post(reverse("portal:setup_import_confirm"))
    assert list(organisation.Organ.objects.filter(code__in="AB").values_list("code", flat=True)) == ["B"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"), "无法打开该文件"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "无法打开该文件"),
        (SimpleUploadedFile("a.csv", b""), "文件是空的"),
        (SimpleUploadedFile("a.xlsx", b"x" * (5 * 1024 * 1024 + 1)), "文件太大"),
        ("not a file", "请先选择"),
    ],
)
def test_a_broken_file_gives_a_sentence(desk, file, sentence):
    page = send(desk, file)

    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_downloads(desk, office):
    for name, args in (("setup_template", ()), ("setup_export", ()), ("setup_export_sheet", ("organs",))):
        answer = desk.get(reverse(f"portal:{name}", args=args), {"on": "2026-03-02"})
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
    assert desk.get(reverse("portal:setup_export_sheet", args=["secrets"])).status_code == 404
    assert desk.get(reverse("portal:setup_export"), {"on": "someday"}).status_code == 200


def test_the_duty_page_answers_and_names_gaps(desk, office):
    row = {"code": "010101", "level1": "城乡建设", "level2": "市政设施", "level3": "路灯照明"}
    organisation.import_categories([row, {**row, "code": "010102", "level3": "井盖管护"}], by=BY, at=AT)
    lamps, covers = organisation.Category.objects.filter(level=3)
    other = organisation.create_organ(
        code="JD", name="杏林街道办事处", kind="street_office", valid_from=date(2020, 1, 1), by=BY, at=AT
    )
    for organ in (office, other):
        organisation.set_duty(
            organ_id=organ.pk, category_id=lamps.pk, division_id=None, valid_from=date(2020, 1, 1), by=BY, at=AT
        )
    street = Division.objects.get(level="street")

    page = desk.get(reverse("portal:setup_duties"), {"category": str(lamps.pk), "division": str(street.pk)})

    told = page.content.decode()
    assert "类别“路灯照明”在全区范围内由示例区城市管理局负责。" in told
    assert "城乡建设 / 市政设施 / 井盖管护" in told
    assert "重复主办" in told
    assert covers.name in told
    assert desk.get(reverse("portal:setup")).status_code == 200
    assert desk.get(reverse("portal:setup_duties"), {"category": "x", "on": "昨天"}).status_code == 200
    empty = desk.get(reverse("portal:setup_duties"), {"category": str(covers.pk), "division": ""})
    assert "没有单位负责" in empty.content.decode()


def test_a_district_without_anything_shows_its_pages(desk):
    assert desk.get(reverse("portal:setup")).status_code == 200
    assert desk.get(reverse("portal:setup_import")).status_code == 200
    assert desk.get(reverse("portal:setup_duties")).status_code == 200


@pytest.mark.parametrize("name", ["setup", "setup_import", "setup_template", "setup_export", "setup_duties"])
def test_only_who_sets_up_the_district_gets_in(db, client, name):
    assert client.get(reverse(f"portal:{name}")).status_code == 302
    client.force_login(get_user_model().objects.create_user("clerk", "一个很长的密码2026"))
    assert client.get(reverse(f"portal:{name}")).status_code == 403
