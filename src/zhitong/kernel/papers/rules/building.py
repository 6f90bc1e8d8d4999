"""Templates that ship, built in code: the layout that a district's offices write in, ready to be edited in Word."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from .zipping import settled

SONG, HEI, FANG = "宋体", "黑体", "仿宋"
TITLE, BODY, LINE = 22, 15, 27  # points
AGES_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class P:
    """A paragraph.  Parts between two ``_`` are underlined, as blanks to be filled in are.  ``align``: left, center, right."""

    text: str
    align: str = "left"
    indent: bool = True
    bold: bool = False
    size: float = BODY
    space: float = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Bordered rows of cells; ``widths`` in centimetres.  ``each`` (``行 in 材料``) repeats the last row for every row of a fact."""

    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    each: str = ""
    head: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """The place of a picture, such as the QR code, by the name of its fact; a line of text under it."""

    name: str
    under: str = ""
    align: str = "left"


Part = P | Table | Picture


def right(text: str) -> P:
    """A line at the right: who signs, and the day."""
    return P(text, align="right", indent=False)


def plain(text: str, **more: Any) -> P:
    """A line that begins at the margin: whom it is addressed to."""
    return P(text, indent=False, **more)


def word(organ: str, title: str, parts: Sequence[Part], *, number: str = "", foot: str = "", name: str = "") -> bytes:
    """A Word file on A4: the organ and the title in the middle, the number under them, then the parts; page numbers below.

    ``name`` is what the file says it is, where the title is not the same for all.  The same call gives the same bytes.
    """
    from docx import Document  # a quarter of a second, and rarely needed
    from docx.shared import Cm, Pt

    doc = Document()
    for style in ("Normal",):
        _font(doc.styles[style].font, BODY)
        doc.styles[style].paragraph_format.space_after = Pt(0)
    page = doc.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(3.2), Cm(2.8), Cm(2.8), Cm(2.6)
    page.header_distance, page.footer_distance = Cm(1.5), Cm(1.6)
    if organ:
        _write(doc.add_paragraph(), P(organ, "center", False, True, TITLE))
    _write(doc.add_paragraph(), P(title, "center", False, True, TITLE, 0 if number else 14))
    if number:
        _write(doc.add_paragraph(), P(number, "center", False, False, 14, 14))
    for part in parts:
        _add(doc, part)
    _page_number(page.footer.paragraphs[0], foot)
    doc.core_properties.title, doc.core_properties.author = name or title, ""
    doc.core_properties.created = doc.core_properties.modified = AGES_AGO
    out = io.BytesIO()
    doc.save(out)
    return settled(out.getvalue(), AGES_AGO)


def _font(font: Any, size: float, name: str = FANG, *, bold: bool | None = None) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    font.size, font.name, font.bold = Pt(size), "Times New Roman", bold
    font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _write(paragraph: Any, part: P) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    form = paragraph.paragraph_format
    form.alignment = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}.get(
        part.align, WD_ALIGN_PARAGRAPH.JUSTIFY
    )
    form.space_after = Pt(part.space)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(LINE, part.size * 1.6))
    if part.indent:
        form.first_line_indent = Pt(part.size * 2)
    name = HEI if part.bold and part.size < TITLE else SONG if part.bold else FANG
    for i, piece in enumerate(part.text.split("_")):
        if piece:
            run = paragraph.add_run(piece)
            _font(run.font, part.size, name, bold=part.bold or None)
            run.font.underline = True if i % 2 else None


def _add(doc: Any, part: Part) -> None:
    if isinstance(part, P):
        _write(doc.add_paragraph(), part)
    elif isinstance(part, Picture):
        _write(doc.add_paragraph(), P("{{ " + part.name + " }}", part.align, False))
        doc.paragraphs[-1].paragraph_format.line_spacing = None
        if part.under:
            _write(doc.add_paragraph(), P(part.under, part.align, False, size=10.5))
    else:
        _table(doc, part)


def _table(doc: Any, part: Table) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Cm

    rows = list(part.rows)
    if part.each:
        cells = len(part.widths)
        rows[-1:] = [
            ("{%tr for " + part.each + " %}", *[""] * (cells - 1)),
            rows[-1],
            ("{%tr endfor %}", *[""] * (cells - 1)),
        ]
    table = doc.add_table(rows=0, cols=len(part.widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, part.widths, strict=True):
        column.width = Cm(width)
    for i, texts in enumerate(rows):
        for cell, text, width in zip(table.add_row().cells, texts, part.widths, strict=True):
            cell.width = Cm(width)
            is_head = part.head and i == 0
            _write(
                cell.paragraphs[0], P(text, "center" if is_head else "left", False, is_head, 12 if part.head else 14)
            )
            cell.paragraphs[0].paragraph_format.line_spacing = 1.3 if part.head else 1.7
    doc.add_paragraph()


def _page_number(paragraph: Any, foot: str) -> None:
    """— 1 — in the middle below, as GB/T 9704 has it; a sentence before it where there is one."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add = partial(_small, paragraph)
    if foot:
        add(foot).add_break()
    add("— ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = add("")._r
        child = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            child.set(qn("w:fldCharType"), kind)
        else:
            child.text = text
        run.append(child)
    add(" —")


def _small(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    _font(run.font, 10.5, SONG)
    return run
