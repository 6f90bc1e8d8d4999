"""Word and PDF of the same paper, with real bytes."""

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from zhitong.kernel.accounts.models import keyring
from zhitong.kernel.matters.public import erase_piece
from zhitong.kernel.matters.tests.conftest import MONDAY, SYSTEM, Room
from zhitong.kernel.papers.actions.erasing import erase_papers
from zhitong.kernel.papers.actions.making import make_due
from zhitong.kernel.papers.actions.rotating import rotate_papers
from zhitong.kernel.papers.models import Paper
from zhitong.kernel.papers.public import PaperKind, Standing, checked, grouped, made, place_of, render
from zhitong.kernel.papers.rules import building
from zhitong.kernel.papers.rules.building import P, word
from zhitong.kernel.papers.rules.pdf import lost, pdf
from zhitong.kernel.papers.rules.word import fill

from .conftest import FACTS
from .reading import in_docx, in_pdf
from .test_issuing import issued

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_both_say_the_same(room: Room, kind: PaperKind) -> None:
    paper = issued(room)
    files = made(paper)
    code = grouped(paper.opened()["_code"])
    for text in (in_docx(files.docx), in_pdf(files.pdf)):
        for said in ("李四光：", "临时占道许可", "方案<图>", "本件加急办理。", "2026年9月7日", paper.number, code):
            assert said in text


def test_what_somebody_wrote_is_text_and_nothing_else(room: Room, kind: PaperKind) -> None:
    hostile = '{{ 7 * 7 }}<w:p/>&amp; #image("x") {% for %}\\u0000]]>'
    files = made(issued(room, facts={"item": hostile}))
    for text in (in_docx(files.docx), in_pdf(files.pdf)):
        assert "{{ 7 * 7 }}" in text
        assert '#image("x")' in text


def test_the_same_row_gives_the_same_bytes(room: Room, kind: PaperKind) -> None:
    paper = issued(room, at=MONDAY + timedelta(microseconds=123_456))
    assert made(paper) == made(Paper.objects.get(pk=paper.pk))


def test_the_pdf_is_for_keeping(room: Room, kind: PaperKind) -> None:
    """PDF/A, with the Chinese font inside, on A4, with the code as a picture."""
    reader = PdfReader(io.BytesIO(made(issued(room)).pdf))
    assert b"pdfaid" in (reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else b"")
    page: Any = reader.pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert any("NotoSerifSC" in str(font["/BaseFont"]) for font in fonts)
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    assert len(page.images) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == "证照"


def test_a_watermark_is_on_every_page_of_both(room: Room, kind: PaperKind) -> None:
    files = made(issued(room, watermark="模拟", facts={"materials": [{"name": f"材料{n}"} for n in range(80)]}))
    pages = PdfReader(io.BytesIO(files.pdf)).pages
    assert len(pages) > 1
    assert all(b"0.70710" in page.get_contents().get_data() for page in pages)  # what lies askew
    assert 'string="模拟"' in Document(io.BytesIO(files.docx)).sections[0].header._element.xml
    assert "模拟" not in in_pdf(made(issued(room)).pdf)


def test_the_worker_keeps_them(room: Room, kind: PaperKind) -> None:
    paper = issued(room)
    assert make_due(at=MONDAY) == 0
    assert make_due(at=LATER) == 1
    assert make_due(at=LATER) == 0
    kept = Paper.objects.get(pk=paper.pk)
    content = place_of(bytes(kept.pdf or b"")).read_bytes()
    assert content == made(kept).pdf
    assert hashlib.sha256(content).digest() == bytes(kept.pdf or b"")


def test_one_that_fails_waits_and_stops_nobody(room: Room, kind: PaperKind) -> None:
    bad, good = issued(room), issued(room)
    Paper.objects.filter(pk=bad.pk).update(facts=b"broken", next_at=MONDAY)
    assert make_due(at=LATER, most=1) == 0
    assert make_due(at=LATER) == 1
    assert Paper.objects.get(pk=good.pk).pdf is not None
    assert Paper.objects.get(pk=bad.pk).next_at == LATER + timedelta(minutes=5)


def test_erasing_takes_everything_but_the_row(room: Room, kind: PaperKind) -> None:
    paper = issued(room)
    code = paper.opened()["_code"]
    make_due(at=LATER)
    place = place_of(bytes(Paper.objects.get(pk=paper.pk).pdf or b""))
    assert place.exists()
    erase_papers([paper.matter_id], at=LATER)
    left = Paper.objects.get(pk=paper.pk)
    assert (left.opened(), left.holder, left.pdf) == ({}, "", None)
    found = checked(code)
    assert found is not None
    assert found.standing(LATER.date()) == Standing.ERASED


def test_files_go_after_the_commit(room: Room, kind: PaperKind, django_capture_on_commit_callbacks: Any) -> None:
    paper = issued(room)
    make_due(at=LATER)
    place = place_of(bytes(Paper.objects.get(pk=paper.pk).pdf or b""))
    with django_capture_on_commit_callbacks(execute=True):
        erase_papers([paper.matter_id], at=LATER)
    assert not place.exists()


def test_taking_one_piece_out_of_a_matter_leaves_its_papers(room: Room, kind: PaperKind) -> None:
    paper = issued(room)
    erase_piece(paper.matter_id, "text", None, why="wrong", by=SYSTEM, at=LATER)
    assert Paper.objects.get(pk=paper.pk).erased_at is None


def test_another_key(room: Room, kind: PaperKind, settings: Any) -> None:
    paper = issued(room)
    code = paper.opened()["_code"]
    assert rotate_papers() == 0
    settings.DATA_KEYS = ["QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=", *settings.DATA_KEYS]
    assert rotate_papers() == 1
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert keyring().is_current(bytes(Paper.objects.get(pk=paper.pk).facts))
    assert checked(code) == paper


def test_without_a_matter(kind: PaperKind) -> None:
    docx, made_pdf = render("trial.licence", FACTS, at=MONDAY)
    assert "李四光" in in_docx(docx)
    assert "李四光" in in_pdf(made_pdf)
    assert not Paper.objects.exists()


def test_layout_of_an_office(settings: Any) -> None:
    """Alignment, indents, blanks, numbers of pages: where they stand on the page."""
    content = word("", "通　知", [P("第一段" * 30), building.right("落款")])
    places: dict[str, float] = {}

    def visit(text: str, cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        places.setdefault(text.strip()[:2], tm[4] * cm[0] + tm[5] * cm[2] + cm[4])

    made_pdf = pdf(fill(content, {}, title="t", at=MONDAY), title="t", at=MONDAY, folders=tuple(settings.PAPER_FONTS))
    page = PdfReader(io.BytesIO(made_pdf)).pages[0]
    page.extract_text(visitor_text=visit)
    left, right = 2.8 / 2.54 * 72, (21 - 2.6) / 2.54 * 72
    assert places["第一"] == pytest.approx(left + 30, abs=1)
    assert places["落款"] == pytest.approx(right - 30, abs=1)
    assert "— 1 —" in page.extract_text()


def test_what_the_pdf_cannot_show_is_named() -> None:
    document = Document()
    document.add_paragraph("甲")
    document.add_section()
    out = io.BytesIO()
    document.save(out)
    assert lost(out.getvalue()) == {"sections"}
