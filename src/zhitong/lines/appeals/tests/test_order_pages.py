"""The pages of importing work orders, as somebody of the administration uses them, and the worker behind them."""

from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import District, build
from zhitong.kernel.events.public import Event
from zhitong.kernel.matters import public as m
from zhitong.lines.appeals import tasks
from zhitong.lines.appeals.actions.orders import forget_imports
from zhitong.lines.appeals.models import OrderImport, OrderMapping, OrderProblem

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=30)
HEAD = "工单编号,诉求内容,受理时间,来电人,联系电话,所属街道,备用\n"
ROWS = "GD1,路灯不亮,2026-09-01 10:00,王小明,13800001234,没有的街道,x\nGD2,垃圾成堆,昨天,李四,13800001235,,y\n"


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """One district for all tests here; what a test changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def place(district: District, db: None, settings: Any, tmp_path: Path) -> District:
    """The district, with files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return district


def send(client: Client, text: str = HEAD + ROWS, name: str = "工单.csv") -> Any:
    return client.post(reverse("appeals:orders"), {"file": SimpleUploadedFile(name, text.encode())})


def uploaded(client: Client, text: str = HEAD + ROWS) -> tuple[OrderImport, str]:
    answer = send(client, text)
    assert answer.status_code == 302, answer.content.decode()
    run = OrderImport.objects.latest("created_at")
    return run, answer["Location"]


class _Form(HTMLParser):
    """What a browser would send: the selected option of each list, the value of each input."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "select":
            self._list = given.get("name") or ""
            self.values[self._list] = ""
        elif tag == "option" and "selected" in given:
            self.values[self._list] = given.get("value") or ""
        elif tag == "input" and given.get("name"):
            self.values[given["name"] or ""] = given.get("value") or ""


def form(client: Client, address: str) -> dict[str, str]:
    """The form of the columns as a browser would send it back."""
    parser = _Form()
    parser.feed(client.get(address).content.decode().partition('id="columns"')[2].partition("</form>")[0])
    return parser.values


def test_from_the_file_to_the_appeals(place: District) -> None:
    client = place.client("admin")
    run, address = uploaded(client)
    page = client.get(address).content.decode()
    assert "前几行将这样登记" in page
    assert "昨天" in page  # what is wrong shows before anything is done
    assert "未知：没有的街道" in page
    filled = form(client, address)
    assert [filled[f"c{i}"] for i in range(7)] == ["number", "text", "raised_at", "name", "phone", "division", ""]

    assert client.post(address, filled | {"do": "try", "save_as": "热线"})["Location"] == address
    tasks.import_waiting()
    page = client.get(address).content.decode()
    assert "试运行完成" in page
    assert "导入1行" in page
    assert not m.Matter.objects.exists()

    client.post(address, {"again": "1", "do": "import"})
    tasks.import_waiting()
    page = client.get(address).content.decode()
    assert "导入完成" in page
    matter = m.Matter.objects.get()
    assert (matter.text, matter.opened_by, matter.channel) == ("路灯不亮", place.people["admin"].pk, "hotline")
    done = Event.objects.get(kind="appeals.imported").data
    assert (done["opened"], done["wrong"], done["digest"]) == (1, 1, bytes(run.digest).hex())
    run.refresh_from_db()
    assert (run.stored, default_storage.listdir("orders")[1]) == ("", [])  # the file is gone, the wrong row stays
    assert OrderMapping.objects.get().name == "热线"


def test_the_wrong_rows_come_back_as_a_file_that_can_be_sent_again(place: District) -> None:
    client = place.client("admin")
    run, address = uploaded(client)
    client.post(address, form(client, address) | {"do": "import"})
    tasks.import_waiting()
    answer = client.get(reverse("appeals:order_problems", args=[run.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == HEAD.strip() + ",原行号,错误原因"
    assert "GD2,垃圾成堆,昨天,李四,13800001235,,y,3,受理时间" in text
    assert b"13800001235" not in bytes(OrderProblem.objects.get().sealed)

    again, address = uploaded(client, text.replace("昨天", "2026-09-02"))
    client.post(address, form(client, address) | {"do": "import"})
    tasks.import_waiting()
    again.refresh_from_db()
    assert (again.opened, again.known, again.wrong) == (1, 0, 0)


def test_the_columns_are_read_as_they_are_chosen(place: District) -> None:
    client = place.client("admin")
    run, address = uploaded(client)
    filled = form(client, address)
    preview = reverse("appeals:order_preview", args=[run.pk])
    assert "GD1" in client.post(preview, filled).content.decode()
    assert "请至少指明" in client.post(preview, filled | {"c0": ""}).content.decode()
    answer = client.post(address, filled | {"c0": "", "do": "import"})
    assert answer.status_code == 422
    assert "请至少指明" in answer.content.decode()
    answer = client.post(address, filled | {"source": "a:b", "do": "import"})
    assert "来源代号请用" in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "draft"


def test_a_saved_mapping_is_applied_to_the_next_file_of_its_kind(place: District) -> None:
    client = place.client("admin")
    _run, address = uploaded(client)
    client.post(address, form(client, address) | {"do": "try", "save_as": "热线", "c6": "title", "source": "83"})
    tasks.import_waiting()
    _run, address = uploaded(client)
    filled = form(client, address)
    assert (filled["c6"], filled["source"]) == ("title", "83")
    _run, address = uploaded(client, "id,内容\n1,甲\n")
    assert form(client, address)["source"] == "12345"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "文件是空的"), ("\n\n", "文件是空的"), ("a\x00b,c\n", "无法打开该文件")],
)
def test_what_is_no_table_is_not_kept(place: District, text: str, sentence: str) -> None:
    answer = send(place.client("admin"), text)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not OrderImport.objects.exists()


def test_stopped_and_begun_again(place: District, django_capture_on_commit_callbacks) -> None:
    client = place.client("admin")
    run, address = uploaded(client)
    client.post(address, form(client, address) | {"do": "import"})
    assert "排队中" in client.get(address).content.decode()
    progress = reverse("appeals:order_progress", args=[run.pk])
    assert "HX-Refresh" not in client.get(progress)
    assert client.post(address, {"again": "1"}).status_code == 302  # refused with a sentence: it is under way
    client.post(reverse("appeals:order_stop", args=[run.pk]))
    assert client.get(progress)["HX-Refresh"] == "true"
    tasks.import_waiting()
    assert not m.Matter.objects.exists()
    client.post(address, {"again": "1", "do": "import"})
    tasks.import_waiting()
    assert m.Matter.objects.count() == 1


def test_a_file_is_discarded(place: District, django_capture_on_commit_callbacks) -> None:
    client = place.client("admin")
    run, _address = uploaded(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("appeals:order_discard", args=[run.pk]))
    assert not OrderImport.objects.exists()
    assert default_storage.listdir("orders")[1] == []


def test_what_nobody_came_back_to_is_forgotten(place: District) -> None:
    client = place.client("admin")
    run, address = uploaded(client)
    client.post(address, form(client, address) | {"do": "try"})
    tasks.import_waiting()
    assert forget_imports(before=timezone.now() - KEPT) == 0
    assert forget_imports(before=timezone.now() + KEPT) == 1
    run.refresh_from_db()
    assert (run.stored, run.problems.count(), run.wrong) == ("", 0, 1)
    assert forget_imports(before=timezone.now() + KEPT) == 0
    assert client.get(address).status_code == 200


def test_a_file_that_is_gone_is_said_so(place: District) -> None:
    client = place.client("admin")
    run, address = uploaded(client)
    default_storage.delete(run.stored)
    answer = client.get(address)
    assert answer.status_code == 404
    assert "请重新上传" in answer.content.decode()


def test_what_is_in_a_file_is_for_whoever_sent_it(place: District) -> None:
    run, address = uploaded(place.client("admin"))
    other = place.client("dispatcher")
    assert "工单.csv" not in other.get(reverse("appeals:orders")).content.decode()
    assert other.get(address).status_code == 404
    assert other.get(reverse("appeals:order_problems", args=[run.pk])).status_code == 404
    assert place.client("worker").get(reverse("appeals:orders")).status_code == 403


def test_who_may_no_longer_import_does_not_by_a_file_sent_before(place: District) -> None:
    client = place.client("admin")
    run, address = uploaded(client)
    client.post(address, form(client, address) | {"do": "import"})
    account = place.people["admin"]
    account.is_active = False
    account.save()
    tasks.import_waiting()
    run.refresh_from_db()
    assert (run.state, run.opened) == ("failed", 0)
    assert "权限" in run.failure


@pytest.mark.usefixtures("english")
def test_in_english(place: District) -> None:
    client = place.client("admin")
    client.cookies["django_language"] = "en"
    _run, address = uploaded(client)
    assert "What the columns mean" in client.get(address, headers={"accept-language": "en"}).content.decode()
