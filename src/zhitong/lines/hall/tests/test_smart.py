"""The smart form from a firm's browser: drafts, documents, submitting, and nobody else's business."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.holdings import Case
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.papers.public import PAPERS
from zhitong.kernel.register import public as register
from zhitong.lines.hall import actions as hall_actions
from zhitong.lines.hall.actions import smart as acting
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.declarations.smart import _erase
from zhitong.lines.hall.models import Application, Handed, SmartDraft
from zhitong.lines.hall.queries import smart as reading
from zhitong.lines.hall.rules.smart.documents import DOCUMENTS
from zhitong.lines.hall.tests.factories import COMPLETE
from zhitong.lines.hall.tests.test_smart_rules import COMMON, FIRM, RIGHT, code

pytestmark = pytest.mark.django_db
BY = Actor.system("测试")
MATERIALS = [
    {"name": "公司变更登记申请书"}, {"name": "股东会决议或者决定", "condition": "变更事项须经股东决定的"},
    {"name": "修改后的公司章程", "condition": "变更事项涉及章程修改的"}, {"name": "新住所使用证明", "condition": "变更住所的", "by_commitment": True},
    {"name": "营业执照正副本", "is_deferrable": True},
]  # fmt: skip


@pytest.fixture
def firm():
    return register.register_firms([FIRM], by=BY, at=timezone.now())[0]


@pytest.fixture
def neighbour():
    return register.register_firms(
        [replace(FIRM, code=code(2), name="示范明湖科技有限公司", holders=(), officers=())], by=BY, at=timezone.now()
    )[0]


@pytest.fixture
def offered(place):
    """The item under its code of the base list, as the catalogue that ships has it."""
    at = timezone.now()
    load_case_defaults(by=BY)
    base = hall_actions.create_base(code=reading.BASE, name="公司变更登记", kind="confirmation", by=BY, at=at)
    item = hall_actions.create_item(
        base_id=base.pk, code="X1", organ_id=place.market.pk, name="公司变更登记", topic="business", for_persons=False, for_firms=True, by=BY, at=at,
    )  # fmt: skip
    draft = hall_actions.start_draft(item.pk, by=BY, at=at)
    hall_actions.write_draft(draft.pk, COMPLETE, MATERIALS, by=BY, at=at)  # type: ignore[arg-type]
    return hall_actions.publish(draft.pk, effective_on=timezone.localdate(at), by=BY, at=at)


def days() -> dict[str, str]:
    today = timezone.localdate()
    return {"apply_on": today.isoformat(), "resolution_on": (today - timedelta(days=1)).isoformat()}


def begun(firm, *kinds, **answers):
    draft = acting.start_smart(firm, kinds, by=BY, at=timezone.now())
    given = {**COMMON, **days()}
    for kind in kinds:
        given |= RIGHT[kind]
    return acting.save_smart(firm, draft.pk, answers={**given, **answers}, revision=0, at=timezone.now())


def inside(client: Client, firm) -> Client:
    session = client.session
    now = int(timezone.now().timestamp())
    session["firm"] = {"id": str(firm.pk), "at": now, "seen": now}
    session.save()
    return client


def href(name: str, draft, *more) -> str:
    return reverse(f"hall:{name}", args=[draft.pk, *more])


class TestDrafts:
    def test_begun_with_what_is_registered(self, firm):
        draft = acting.start_smart(firm, ["capital_up", "nonsense"], by=BY, at=timezone.now())
        assert draft.kinds == ["capital_up"]
        assert [row["amount"] for row in draft.answers["shares_more"]] == ["60", "40"]

    def test_nothing_lies_open(self, firm):
        draft = begun(firm, "legal")
        stored = bytes(SmartDraft.objects.get(pk=draft.pk).sealed)
        assert RIGHT["legal"]["legal_id"].encode() not in stored
        assert draft.answers["legal_id"] == RIGHT["legal"]["legal_id"]

    def test_phone_and_desk_at_once(self, firm):
        draft = begun(firm, "name")
        acting.save_smart(firm, draft.pk, answers={"new_name": "甲"}, revision=draft.revision, at=timezone.now())
        with pytest.raises(Conflict):
            acting.save_smart(firm, draft.pk, answers={"new_name": "乙"}, revision=draft.revision, at=timezone.now())
        draft.refresh_from_db()
        assert draft.answers["new_name"] == "甲"

    def test_another_choice_keeps_what_was_typed(self, firm):
        draft = begun(firm, "name")
        draft = acting.save_smart(firm, draft.pk, kinds=["scope"], revision=draft.revision, at=timezone.now())
        draft = acting.save_smart(firm, draft.pk, kinds=["scope", "name"], revision=draft.revision, at=timezone.now())
        assert draft.answers["new_name"] == RIGHT["name"]["new_name"]
        assert draft.answers["new_scope"] == FIRM.scope

    def test_only_ones_own(self, firm, neighbour):
        draft = begun(firm, "name")
        for refused in (
            lambda: reading.draft_of(neighbour, draft.pk),
            lambda: acting.discard_smart(neighbour, draft.pk, by=BY, at=timezone.now()),
            lambda: acting.submit_smart(neighbour, draft.pk, signed=True, by=BY, at=timezone.now()),
            lambda: acting.save_smart(neighbour, draft.pk, answers={}, revision=draft.revision, at=timezone.now()),
        ):
            with pytest.raises(NotFound):
                refused()

    def test_not_too_many_and_not_without_a_kind(self, firm):
        for _ in range(acting.MOST_DRAFTS):
            acting.start_smart(firm, ["name"], by=BY, at=timezone.now())
        with pytest.raises(Refused, match="20"):
            acting.start_smart(firm, ["name"], by=BY, at=timezone.now())
        with pytest.raises(Refused):
            acting.start_smart(firm, ["nonsense"], by=BY, at=timezone.now())

    def test_erased_with_the_person(self, firm):
        begun(firm, "name")
        case = Case(firm.legal_id, timezone.now(), lambda kind, since: None)
        assert len(reading.drafts_held(case)) == 1
        assert _erase(case, BY) == 1
        assert not SmartDraft.objects.exists()

    def test_sealed_again_under_a_new_key(self, firm, settings):
        draft = begun(firm, "name")
        assert acting.rotate_drafts() == 0
        assert reading.draft_of(firm, draft.pk).answers["new_name"]


def test_every_document_is_a_paper_a_district_can_edit():
    assert set(DOCUMENTS) <= set(PAPERS)


@pytest.mark.parametrize("slug", sorted(DOCUMENTS))
def test_every_document_comes_as_word_and_pdf(slug, db):
    """What the template shows of sample facts stands in the PDF, and no brace is left."""
    sample = PAPERS[slug].sample
    docx, pdf = reading.render(slug, sample, at=timezone.now())
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert docx.startswith(b"PK")
    assert sample["company"] in text
    assert "{{" not in text


def test_the_pack_holds_all_of_them(firm):
    looked = reading.look(begun(firm, "name"), firm, timezone.now())
    assert looked.findings == []
    names = zipfile.ZipFile(io.BytesIO(reading.pack(looked.documents, timezone.now()))).namelist()
    assert len(names) == 2 * len(looked.documents)
    assert "01 公司登记（备案）申请书.pdf" in names


class TestSubmitting:
    def test_the_documents_are_the_materials(self, firm, offered):
        draft = begun(firm, "name", "scope")
        done = acting.submit_smart(firm, draft.pk, signed=True, by=BY, at=timezone.now())
        case = Application.objects.get(pk=done.matter_id)
        assert case.firm == firm
        assert case.matter.text == "小智帮办：名称变更、经营范围变更"
        states = {
            row.material.name: (row.state, row.files.count())
            for row in Handed.objects.filter(application=case).select_related("material")
        }
        assert states["公司变更登记申请书"] == ("handed", 3)
        assert states["股东会决议或者决定"] == ("handed", 1)
        assert states["修改后的公司章程"] == ("handed", 1)
        assert states["新住所使用证明"][0] == "not_needed"
        assert states["营业执照正副本"][0] == "deferred"
        assert [one.number for one in reading.applications_of(firm)] == [done.number]
        assert reading.drafts_of(firm) == []
        with pytest.raises(NotFound):
            acting.submit_smart(firm, draft.pk, signed=True, by=BY, at=timezone.now())
        assert Application.objects.count() == 1

    def test_what_is_to_be_mended_is_named(self, firm, offered):
        draft = begun(firm, "name", new_name=FIRM.name)
        with pytest.raises(Refused) as refused:
            acting.submit_smart(firm, draft.pk, signed=True, by=BY, at=timezone.now())
        assert refused.value.field == "new_name"
        assert not Application.objects.exists()

    def test_the_promise_must_be_given(self, firm, offered):
        draft = begun(firm, "name")
        with pytest.raises(Refused) as refused:
            acting.submit_smart(firm, draft.pk, signed=False, by=BY, at=timezone.now())
        assert refused.value.field == "signed"
        assert reading.drafts_of(firm) == [draft]

    def test_where_it_is_not_offered(self, firm):
        with pytest.raises(Refused) as refused:
            acting.submit_smart(firm, begun(firm, "name").pk, signed=True, by=BY, at=timezone.now())
        assert refused.value.code == "no_item"


class TestPages:
    def test_from_ticking_to_submitting(self, client, firm, offered):
        inside(client, firm)
        assert FIRM.name in client.get(reverse("hall:firm")).content.decode()
        page = client.post(reverse("hall:smart_new"), {"kinds": ["name", "officers"]})
        draft = SmartDraft.objects.get()
        assert page.url == href("smart_draft", draft)
        asked = client.get(page.url).content.decode()
        assert 'name="officers-0-name"' in asked
        assert 'value="张一"' in asked
        sent = {"do": "check", "revision": "0", **COMMON, **days(), "new_name": FIRM.name}
        for n, row in enumerate(RIGHT["officers"]["officers"]):
            sent |= {f"officers-{n}-{cell}": text for cell, text in row.items()}
        wrong = client.post(page.url, sent)
        assert wrong.status_code == 422
        assert 'href="#id_new_name"' in wrong.content.decode()
        answer = client.post(page.url, {**sent, "revision": "1", "new_name": RIGHT["name"]["new_name"]})
        assert answer.url == href("smart_documents", draft)
        shown = client.get(answer.url).content.decode()
        assert "任免职文件" in shown
        for ending, start in (("pdf", b"%PDF"), ("docx", b"PK")):
            assert client.get(href("smart_file", draft, 1, ending)).content.startswith(start)
        assert client.get(href("smart_zip", draft)).content.startswith(b"PK")
        assert client.get(href("smart_file", draft, 99, "pdf")).status_code == 404
        assert client.post(href("smart_submit", draft)).status_code == 422
        assert client.post(href("smart_submit", draft), {"signed": "on"}).url == reverse("hall:firm")
        case = Application.objects.get()
        assert 'class="hc-code"' in client.get(reverse("hall:receipt", args=[case.matter.number])).content.decode()
        home = client.get(reverse("hall:firm")).content.decode()
        assert case.matter.number in home
        assert client.get(reverse("hall:firm_application", args=[case.pk])).url == reverse(
            "hall:tracked", args=[case.matter.number]
        )

    def test_what_was_typed_stays_when_it_was_saved_elsewhere(self, client, firm):
        inside(client, firm)
        draft = begun(firm, "name")
        answer = client.post(href("smart_draft", draft), {"revision": "0", "new_name": "我写的名称"})
        assert answer.status_code == 409
        assert "我写的名称" in answer.content.decode()
        again = client.post(href("smart_draft", draft), {"revision": str(draft.revision), "new_name": "我写的名称"})
        assert again.status_code == 302

    @pytest.mark.parametrize(
        "sent", [{}, {"revision": "x" * 50}, {"revision": "９"}, {"do": "check"}, {"officers-0-name": "\x00" * 9}]
    )
    def test_odd_input_is_no_trouble(self, client, firm, sent):
        inside(client, firm)
        assert client.post(href("smart_draft", begun(firm, "officers")), sent).status_code in (302, 409, 422)

    def test_nothing_ticked_is_said_by_name(self, client, firm):
        inside(client, firm)
        answer = client.post(reverse("hall:smart_new"), {})
        assert answer.status_code == 422
        assert "选择变更事项</a>：请至少选择一项变更。" in answer.content.decode()

    def test_not_before_it_is_right(self, client, firm):
        inside(client, firm)
        draft = begun(firm, "name", new_name="")
        assert client.get(href("smart_documents", draft)).url.endswith("?check=1")
        assert client.get(href("smart_zip", draft)).status_code == 422

    def test_others_find_nothing_and_strangers_sign_in(self, client, firm, neighbour):
        draft = begun(firm, "name")
        addresses = [
            reverse("hall:firm"),
            reverse("hall:smart_new"),
            *(href(n, draft) for n in ("smart_draft", "smart_documents", "smart_zip", "smart_kinds")),
        ]
        for address in addresses:
            assert client.get(address).url.startswith(reverse("register:firm_sign_in"))
        inside(client, neighbour)
        assert [client.get(address).status_code for address in addresses] == [200, 200, 404, 404, 404, 404]
        for name in ("smart_submit", "smart_discard"):
            assert client.post(href(name, draft)).status_code == 404
        assert SmartDraft.objects.count() == 1

    def test_thrown_away(self, client, firm):
        inside(client, firm)
        client.post(href("smart_discard", begun(firm, "name")))
        assert not SmartDraft.objects.exists()

    def test_pages_cost_little(self, client, firm, offered, django_assert_max_num_queries):
        inside(client, firm)
        drafts = [begun(firm, "name", "address") for _ in range(3)]
        for address in (reverse("hall:firm"), href("smart_draft", drafts[0]), href("smart_documents", drafts[0])):
            client.get(address)
            with django_assert_max_num_queries(14):
                client.get(address)
