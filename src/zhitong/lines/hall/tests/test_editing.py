"""The pages on which the catalogue is edited: list, item, preview, publish, withdraw, import."""

import html
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.district import BY, District, build
from zhitong.lines.hall import actions
from zhitong.lines.hall.models import Item, Version

from .factories import COMPLETE, MATERIALS

pytestmark = pytest.mark.django_db
LIST = "/setup/hall/"


@pytest.fixture
def town(db: None) -> District:
    return build()


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def drafted(town: District, code: str = "S1", organ: str = "street", **more: Any) -> Version:
    base = actions.create_base(code=f"B{code}", name="临时占用城市道路许可", kind="permit", by=BY, at=timezone.now())
    item = actions.create_item(
        base_id=base.pk,
        code=code,
        organ_id=town.organs[organ].pk,
        topic="city",
        everyday="占道",
        by=BY,
        at=timezone.now(),
    )
    draft = actions.start_draft(item.pk, by=BY, at=timezone.now())
    return actions.write_draft(draft.pk, {**COMPLETE, **more}, MATERIALS, by=BY, at=timezone.now())


def address(version: Version, what: str = "") -> str:
    return f"{LIST}{version.item_id}/" + (f"versions/{version.pk}/{what}" if what else "")


@pytest.fixture
def head(town: District) -> Client:
    return town.client("head")


def publish(client: Client, version: Version, day: Any = None) -> Any:
    return client.post(address(version, "publish"), {"effective_on": str(day or timezone.localdate())})


def test_the_list_holds_what_one_may_edit(town: District, head: Client) -> None:
    own, other = address(drafted(town)), address(drafted(town, "S2", organ="elsewhere"))
    shown = page(head.get(LIST))
    assert own in shown
    assert other not in shown
    everything = page(town.client("admin").get(LIST))
    assert own in everything
    assert other in everything


def test_search_and_states(town: District, head: Client) -> None:
    version = drafted(town)
    for query, is_there in [
        ({"q": "占道"}, True), ({"q": "S1"}, True), ({"q": "飞碟"}, False), ({"state": "draft"}, True), ({"state": "never"}, True),
        ({"state": "in_force"}, False), ({"organ": str(town.organs["elsewhere"].pk)}, False),
    ]:  # fmt: skip
        assert (str(version.item_id) in page(head.get(LIST, query))) is is_there, query
    publish(head, version)
    assert str(version.item_id) in page(head.get(LIST, {"state": "in_force"}))


def test_preview_publish_and_withdraw(town: District, head: Client) -> None:
    version = drafted(town)
    assert "群众看不到" in page(head.get(address(version, "preview")))
    assert Client().get(f"/hall/items/{version.item_id}/").status_code == 404
    assert publish(head, version).status_code == 302
    assert "承诺书代替" in page(Client().get(f"/hall/items/{version.item_id}/"))
    today = str(timezone.localdate())
    shown = page(head.post(address(version, "withdraw"), {"on": today, "reason": ""}), 422)
    assert "停用日期" in shown
    assert head.post(address(version, "withdraw"), {"on": today, "reason": "法律修改"}).status_code == 302
    assert Client().get(f"/hall/items/{version.item_id}/").status_code == 404
    assert "法律修改" in page(head.get(address(version)))


def test_what_is_missing_is_listed_and_not_published(town: District, head: Client) -> None:
    version = drafted(town, basis="")
    assert "请至少填写一条设定依据" in page(head.get(address(version)))
    page(publish(head, version), 422)
    version.refresh_from_db()
    assert version.is_draft


def test_a_past_day_is_refused_beside_its_field(town: District, head: Client) -> None:
    assert "不能早于今天" in page(publish(head, drafted(town), "2020-01-01"), 422)


def test_the_draft_is_compared_and_discarded(town: District, head: Client) -> None:
    version = drafted(town)
    publish(head, version)
    draft = actions.start_draft(version.item_id, by=BY, at=timezone.now())
    actions.write_draft(draft.pk, {"promised_days": 3}, MATERIALS[:2], by=BY, at=timezone.now())
    shown = page(head.get(address(version)))
    for said in ("承诺时限（工作日）", "材料：场所平面图", "取消"):
        assert said in shown
    assert head.post(address(draft, "discard")).status_code == 302
    assert not Version.objects.filter(state="draft").exists()
    assert head.post(address(version, "discard")).status_code == 302
    assert Version.objects.filter(pk=version.pk).exists()


def test_nobody_edits_another_organs_item(town: District) -> None:
    version = drafted(town, organ="elsewhere")
    head = town.client("head")
    for what in ("", "preview"):
        assert head.get(address(version, what)).status_code == 404
    for what in ("publish", "withdraw", "discard"):
        assert head.post(address(version, what)).status_code == 404


def test_out_and_in_again(town: District, head: Client) -> None:
    version = drafted(town)
    publish(head, version)
    book = load_workbook(io.BytesIO(head.get(f"{LIST}export.xlsx").content))
    sheet: Any = book.active
    column = next(cell.column for cell in sheet[1] if cell.value == "承诺时限（工作日）")
    sheet.cell(2, column, 2)
    out = io.BytesIO()
    book.save(out)

    def send(do: str) -> str:
        return page(head.post(f"{LIST}import", {"file": SimpleUploadedFile("事项.xlsx", out.getvalue()), "do": do}))

    assert "什么都还没有写入" in send("try")
    assert Version.objects.count() == 1
    assert "更新1项" in send("write")
    assert Version.objects.get(state="draft").promised_days == 2
    assert Item.objects.count() == 1


def test_no_file_and_no_table(town: District, head: Client) -> None:
    assert "请先选择要导入的文件" in page(head.post(f"{LIST}import", {}), 422)
    wrong = SimpleUploadedFile("x.xlsx", b"PK\x03\x04no")
    assert "无法打开该文件" in page(head.post(f"{LIST}import", {"file": wrong}), 422)
