"""A template and facts become a Word file.  What a template may say is little, and nothing of it reaches the machine."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from .kinds import QR
from .zipping import settled

FILTERS = ("default", "length")
QR_SIDE = 24  # millimetres


class Environment(ImmutableSandboxedEnvironment):
    """Jinja without anything that computes: names, attributes of rows, conditions and two filters."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in ("defined",)}


def fill(template: bytes, said: Mapping[str, Any], *, title: str, at: datetime, watermark: str = "") -> bytes:
    """The Word file of a template with everything it may say, under Chinese names; ``said[QR]`` is the address to be coded.

    The same call gives the same bytes.  Raises jinja2.TemplateError and what lxml raises where a template was never checked.
    """
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage  # a third of a second, and rarely needed

    document = DocxTemplate(io.BytesIO(template))
    values = dict(said)
    if values.get(QR):
        values[QR] = InlineImage(document, io.BytesIO(qr_picture(str(values[QR]))), width=Mm(QR_SIDE))
    document.render(values, jinja_env=Environment(), autoescape=True)
    if watermark:
        from .watermark import mark

        mark(document.docx, watermark)
    about = document.docx.core_properties
    about.title, about.created, about.modified = title, at.replace(tzinfo=None), at.replace(tzinfo=None)
    about.author = about.last_modified_by = about.comments = ""
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue(), at)


def qr_picture(text: str) -> bytes:
    """A QR code as a picture."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=8, border=2)
    return out.getvalue()
