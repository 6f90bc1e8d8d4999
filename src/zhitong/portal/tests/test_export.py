"""The list as a workbook: filtered, masked, harmless, and on record."""

import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.events.public import Event

from ..actions import log_export
from ..web.views import export
from .desk import Desk, signed_in

ADDRESS = "/desk/matters/export"


def book(office: Desk, **said: str) -> list[list[object]]:
    answer = signed_in(office.worker).post(ADDRESS, said)
    assert answer.status_code == 200, answer.headers
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_what_is_in_it(office: Desk) -> None:
    matter = office.passed(text="路灯不亮，联系我13800001234")
    hidden = office.open()
    heads, *rows = book(office)
    row = dict(zip(heads, rows[0], strict=True))
    assert len(rows) == 1
    assert (row["编号"], row["环节"], row["类别"], row["主办单位"]) == (matter.number, "待见面", "路灯照明", "舜耕街道")
    assert "13800001234" not in str(rows)
    assert "138****1234" in str(row["内容"])
    assert hidden.number not in str(rows)


def test_the_filters_are_respected_and_the_export_is_on_record(office: Desk) -> None:
    office.passed(text="路灯不亮")
    kept = office.passed(text="井盖破损")
    _heads, *rows = book(office, query="q=井盖&stage=open&sort=due")
    assert [row[0] for row in rows] == [kept.number]
    event = Event.objects.get(kind="matters.exported")
    assert (event.data, event.by_account) == (
        {"filters": {"stage": "open", "sort": "due"}, "rows": 1},
        office.worker.pk,
    )


def test_who_said_it_before_and_how_many_together_are_in_it(office: Desk) -> None:
    text = "幸福小区南门口的路灯坏了三天，晚上看不清台阶。"
    first, again = office.passed(text=text), office.passed(text=text)
    dispatch.gather(timezone.now())
    heads, *rows = book(office)
    found = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}
    said = [(found[one.number]["此前反映次数"], found[one.number]["共同反映人数"]) for one in (first, again)]
    assert said == [(None, "1"), ("1", "1")]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1"])
def test_nothing_becomes_a_formula(office: Desk, text: str) -> None:
    office.passed(text=text + "　路灯不亮")
    answer = signed_in(office.worker).post(ADDRESS)
    cells = [c for row in load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active for c in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert any(str(cell.value).startswith("'") for cell in cells)


def test_too_much_and_nothing_are_said(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(office.worker)
    assert "没有可导出的事项" in client.post(ADDRESS, follow=True).content.decode()
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    office.passed()
    office.passed()
    assert "请用筛选条件缩小范围" in client.post(ADDRESS, follow=True).content.decode()
    assert not Event.objects.filter(kind="matters.exported").exists()


@pytest.mark.django_db(transaction=True)
def test_the_record_opens_a_transaction_of_its_own() -> None:
    log_export(filters={"q": "王某", "stage": "open"}, rows=3, by=Actor.system("test"), at=timezone.now())
    assert Event.objects.get(kind="matters.exported").data == {"filters": {"stage": "open"}, "rows": 3}


def test_only_those_who_may(office: Desk) -> None:
    assert signed_in(office.head).post(ADDRESS).status_code == 403
    assert signed_in(office.worker).get(ADDRESS).status_code == 405
