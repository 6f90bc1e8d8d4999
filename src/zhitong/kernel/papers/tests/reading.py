"""What stands in the files, read again."""

import io

from docx import Document
from pypdf import PdfReader


def in_docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def in_pdf(content: bytes) -> str:
    return (
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        .replace("\n", "")
        .replace("\xa0", " ")
    )
