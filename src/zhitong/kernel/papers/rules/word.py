"""A template and facts become a Word file.  What a template may say is little, and nothing of it reaches the machine."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .kinds import QR
from .zipping import settled

FILTERS = ("default", "length")
QR_SIDE = 24  # millimetres
SAFE: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.For, nodes.If, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Filter, nodes.Test,
)  # fmt: skip


class Environment(ImmutableSandboxedEnvironment):
    """Jinja without anything that computes: names, attributes of rows, conditions and two filters."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in ("defined",)}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Whatever stands in braces, also where nobody looks: in a tooltip, in a style.  Calls, sums and loops in loops do not pass."""
        tree = super()._parse(source, name, filename)
        _demand_safe(tree, in_loop=False)
        return tree


def _demand_safe(node: nodes.Node, *, in_loop: bool) -> None:
    is_safe, is_loop = isinstance(node, SAFE), False
    if isinstance(node, nodes.For):
        is_loop, is_safe = True, not in_loop and not node.recursive and isinstance(node.iter, nodes.Name)
    elif isinstance(node, nodes.Getattr):
        is_safe = not node.attr.startswith("_")
    if not is_safe:
        raise TemplateSyntaxError(f"{type(node).__name__} is not for papers", node.lineno)
    for child in node.iter_child_nodes():
        _demand_safe(child, in_loop=in_loop or is_loop)


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
