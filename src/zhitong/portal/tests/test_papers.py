"""Templates on their pages, the files of papers, and the public check."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from zhitong.kernel.matters.public import Matter
from zhitong.kernel.papers.actions.making import make_due
from zhitong.kernel.papers.models import Paper, Template
from zhitong.kernel.papers.public import P, grouped, issue, revoke, word

from .desk import SYSTEM, Desk, person

pytestmark = pytest.mark.django_db
SLUG = "hall-licence"
GOOD = word("", "本区证照", [P("持有人：{{ 申请人 }}")])
FACTS = {"applicant": "欧阳小明", "organ": "新城区行政审批服务局", "item": "临时占道"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def admin(office: Desk, client: Client) -> Client:
    client.force_login(person("管理员", office.centre, "papers.edit", scope="all"))
    return client


@pytest.fixture
def matter(office: Desk) -> Matter:
    return office.open()


def licence(matter: Matter, **more: Any) -> Paper:
    return issue(SLUG, FACTS | more.pop("facts", {}), matter_id=matter.pk, by=SYSTEM, at=timezone.now(), **more)


def upload(client: Client, content: bytes, name: str = "本区.docx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("portal:setup_paper", args=[SLUG]), {"file": file, "note": "换了抬头"})


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_down_edit_up_preview_choose_and_back(admin: Client, matter: Matter) -> None:
    assert "许可证" in admin.get(reverse("portal:setup_papers")).content.decode()
    supplied = admin.get(reverse("portal:setup_paper_template", args=[SLUG, "supplied"]))
    assert supplied.content[:2] == b"PK"
    assert upload(admin, GOOD).status_code == 302
    row = Template.objects.get(paper=SLUG, origin="district")
    page = admin.get(reverse("portal:setup_paper", args=[SLUG])).content.decode()
    assert "换了抬头" in page
    assert "现用：系统自带" in page
    preview = admin.get(reverse("portal:setup_paper_preview", args=[SLUG, row.pk]))
    assert preview["Content-Type"] == "application/pdf"
    assert "持有人：王小明" in pdf_text(preview.content)
    admin.post(reverse("portal:setup_paper_choose", args=[SLUG]), {"version": str(row.pk)})
    assert licence(matter).template_id == row.pk
    assert "本区第" in admin.get(reverse("portal:setup_papers")).content.decode()
    admin.post(reverse("portal:setup_paper_choose", args=[SLUG]), {"version": "supplied"})
    assert licence(matter).template_id != row.pk


def test_what_is_wrong_is_listed_with_its_place(admin: Client) -> None:
    answer = upload(admin, word("", "证照", [P("持有人：{{ 申请人名 }}"), P("{% if %}")]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有“申请人名”这项要素，是不是“申请人”？" in page
    assert "正文第2段：持有人" in page
    assert "写法有误" in page
    assert not Template.objects.filter(origin="district").exists()


@pytest.mark.parametrize("content", [b"", b"no word file", b"x" * (2 * 1024 * 1024 + 1)])
def test_a_file_that_is_none(admin: Client, content: bytes) -> None:
    assert upload(admin, content).status_code == 422


@pytest.mark.parametrize("version", ["nonsense", "01890a5d-ac96-774b-bcce-b302099a8057"])
def test_a_version_that_is_none(admin: Client, version: str) -> None:
    assert admin.get(reverse("portal:setup_paper_template", args=[SLUG, version])).status_code == 404
    assert admin.post(reverse("portal:setup_paper_choose", args=[SLUG]), {"version": version}).status_code == 404
    assert admin.get(reverse("portal:setup_paper", args=["no-such"])).status_code == 404


def test_a_paper_on_the_page_of_its_matter(office: Desk, client: Client, matter: Matter) -> None:
    client.force_login(office.dispatcher)
    path = reverse("portal:matter", args=[matter.pk])
    assert 'id="papers"' not in client.get(path).content.decode()
    paper = licence(matter)
    page = client.get(path).content.decode()
    for name in ("portal:paper_docx", "portal:paper_pdf"):
        assert reverse(name, args=[paper.pk]) in page
    assert paper.number in page
    assert "有效" in page
    licence(matter, watermark="模拟")
    revoke(paper, "不实", by=SYSTEM, at=timezone.now())
    page = client.get(path).content.decode()
    assert "已撤销" in page
    assert "模拟，不具法律效力" in page


def test_files_before_and_after_the_worker_are_the_same(office: Desk, client: Client, matter: Matter) -> None:
    client.force_login(office.dispatcher)
    paper = licence(matter)
    path = reverse("portal:paper_pdf", args=[paper.pk])
    before = client.get(path)
    assert "欧阳小明" in pdf_text(before.content)
    assert make_due(at=timezone.now() + timedelta(minutes=1)) == 1
    after = client.get(path)
    assert b"".join(after.streaming_content) == before.content
    assert after["Content-Security-Policy"].endswith("sandbox")
    word_file = client.get(reverse("portal:paper_docx", args=[paper.pk]))
    assert word_file["Content-Disposition"].startswith("attachment")


def test_files_are_for_those_who_see_the_matter(office: Desk, client: Client, matter: Matter) -> None:
    path = reverse("portal:paper_pdf", args=[licence(matter).pk])
    assert client.get(path).status_code == 404
    client.force_login(office.co_worker)
    assert client.get(path).status_code == 404


def seen(client: Client, paper: Paper) -> str:
    answer = client.get(reverse("portal:checked", args=[grouped(paper.opened()["_code"])]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_anybody_may_check_and_sees_no_name(client: Client, matter: Matter) -> None:
    paper = licence(matter, facts={"valid_until": timezone.localdate()})
    page = seen(client, paper)
    assert "文书状态：有效" in page
    assert paper.number in page
    assert "新城区行政审批服务局" in page
    assert "欧阳**" in page
    assert "欧阳小明" not in page


def test_what_it_is_worth_is_said(client: Client, matter: Matter) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "已过有效期" in seen(client, licence(matter, facts={"valid_until": yesterday}))
    assert "模拟，不具法律效力" in seen(client, licence(matter, watermark="模拟"))
    paper = licence(matter)
    revoke(paper, "内部原因", by=SYSTEM, at=timezone.now())
    page = seen(client, paper)
    assert "已撤销" in page
    assert "内部原因" not in page


def test_the_form_leads_to_the_page(client: Client, matter: Matter) -> None:
    code = licence(matter).opened()["_code"]
    answer = client.get(reverse("portal:verify"), {"code": f" {code.lower()} "})
    assert answer["Location"] == reverse("portal:checked", args=[grouped(code)])
    wrong = client.get(reverse("portal:verify"), {"code": "1234"})
    assert wrong.status_code == 422
    assert "校验码是12位字母和数字" in wrong.content.decode()


def test_guessing_is_slowed_down(client: Client) -> None:
    answers = [client.get(reverse("portal:checked", args=[f"AAAA-AAAA-{n:04d}"])) for n in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {404}
    assert answers[30].status_code == 429
    assert int(answers[30]["Retry-After"]) > 0
