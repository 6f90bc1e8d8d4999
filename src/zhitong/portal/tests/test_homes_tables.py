"""Homes by table: sent, tried, taken over with errors by row; given out masked, or in full for a reason."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.district import District, build
from zhitong.base.citizen import citizen_check
from zhitong.kernel.events.public import Event
from zhitong.kernel.register import public as register
from zhitong.kernel.register.tasks import import_waiting
from zhitong.kernel.territory import public as territory

pytestmark = pytest.mark.django_db
CITIZEN = "37999919800101001" + citizen_check("37999919800101001")
IMPORT, EXPORT = reverse("portal:homes_import"), reverse("portal:homes_export")


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Any) -> District:
    settings.MEDIA_ROOT = tmp_path
    return build()


@pytest.fixture
def place(office: District) -> str:
    node = territory.node(office.streets["street"])
    assert node is not None
    return node.code


def file(place: str, *rows: str) -> SimpleUploadedFile:
    head = "区划编码,楼栋名称,地址,房号,姓名,身份证号,电话,与户主关系"
    text = "\n".join([head, *(f"{place},示范3号楼,东风路8号,{row}" for row in rows)])
    return SimpleUploadedFile("人房.csv", text.encode(), "text/csv")


GOOD, WRONG = f"502,张三丰,{CITIZEN},13800000001,户主", "502,李四,379999198001010011,,子女"


def cells(answer: Any) -> list[list[Any]]:
    from openpyxl import load_workbook

    page = load_workbook(BytesIO(answer.getvalue())).active
    assert page is not None
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_a_table_is_tried_first_and_then_taken_over(office: District, place: str) -> None:
    client = office.client("grid")
    answer = client.post(IMPORT, {"file": file(place, GOOD, WRONG)}, follow=True)
    page = answer.redirect_chain[-1][0]
    assert "排队中" in answer.content.decode()
    import_waiting()
    text = client.get(page).content.decode()
    assert "试运行完成" in text
    assert "身份证号不正确" in text
    assert register.find_by_citizen_id(CITIZEN) is None
    assert client.post(page, {"do": "write"}).status_code == 302
    import_waiting()
    assert "导入完成" in client.get(page).content.decode()
    assert register.find_by_citizen_id(CITIZEN) is not None
    assert "该文件正在处理或已经导入" in client.post(page, {"do": "write"}, follow=True).content.decode()
    assert client.get(IMPORT).content.decode().count("人房.csv") >= 1


def test_progress_is_asked_for_until_it_is_over(office: District, place: str) -> None:
    client = office.client("grid")
    page = client.post(IMPORT, {"file": file(place, GOOD)})["Location"]
    assert "HX-Refresh" not in client.get(f"{page}progress")
    import_waiting()
    assert client.get(f"{page}progress")["HX-Refresh"] == "true"
    assert office.client("admin").get(page).status_code == 404


def test_it_may_be_stopped(office: District, place: str) -> None:
    client = office.client("grid")
    page = client.post(IMPORT, {"file": file(place, GOOD)})["Location"]
    client.post(f"{page}stop")
    import_waiting()
    assert "已停止" in client.get(page).content.decode()


def test_a_file_is_asked_for(office: District) -> None:
    answer = office.client("grid").post(IMPORT, {})
    assert answer.status_code == 422
    assert "请先选择要导入的文件" in answer.content.decode()


def test_the_template_is_taken_over_as_it_is_but_for_its_divisions(office: District) -> None:
    rows = cells(office.client("grid").get(reverse("portal:homes_template")))
    assert rows[0] == register.homes_heading()
    assert all(len(row) == len(rows[0]) for row in rows)


@pytest.fixture
def filled(office: District, place: str) -> District:
    office.client("grid").post(IMPORT, {"file": file(place, GOOD)})
    import_waiting()
    page = reverse("portal:homes_import_run", args=[register.HomesImport.objects.get().pk])
    office.client("grid").post(page, {"do": "write"})
    import_waiting()
    return office


def test_given_out_masked(filled: District) -> None:
    answer = filled.client("grid").post(EXPORT)
    rows = cells(answer)
    assert [row[14] for row in rows] == ["姓名", "张**"]
    assert CITIZEN not in str(rows)
    assert Event.objects.filter(kind="homes.exported").count() == 1
    assert not Event.objects.filter(kind="person.revealed").exists()
    assert len(cells(filled.client("elsewhere").post(EXPORT))) == 1


def test_in_full_only_for_whoever_may_and_for_a_reason(filled: District) -> None:
    full = {"content": "full", "reason": "人口核对"}
    assert CITIZEN not in str(cells(filled.client("grid").post(EXPORT, full)))
    head = filled.client("head")
    answer = head.post(EXPORT, {"content": "full"})
    assert answer.status_code == 422
    assert "请填写查看原因" in answer.content.decode()
    assert CITIZEN in str(cells(head.post(EXPORT, full)))
    told = Event.objects.get(kind="person.revealed")
    assert told.data["reason"] == "人口核对"
